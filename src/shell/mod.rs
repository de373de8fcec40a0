//! Floor 2: shell text as data: words and operators, commands, the packages that commands install, and the secrets in them. Nothing is
//! expanded.

mod command;
mod comparison;
mod install;
mod lexer;
mod literal;
mod logins;
mod root;
mod secrets;

pub(crate) use command::{addresses, commands, is_assignment};
pub(crate) use comparison::{Comparison, Takes, comparisons};
pub(crate) use install::{Install, Named, Target, installing, installs, npm};
pub(crate) use lexer::{Kind, Token, tokens};
pub(crate) use literal::{Secret, is_literal};
pub(crate) use root::of_root;
pub(crate) use secrets::{is_token, secrets, secrets_in_file};
