//! Floor 2: shell text as data: words and operators, commands, and the packages that commands install. Nothing is expanded.

mod command;
mod comparison;
mod install;
mod lexer;

pub(crate) use command::{addresses, commands, is_assignment};
pub(crate) use comparison::{Comparison, Takes, comparisons};
pub(crate) use install::{Install, Named, Target, installs, npm};
pub(crate) use lexer::{Kind, tokens};
