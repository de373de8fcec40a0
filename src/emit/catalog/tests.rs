//! What the page says of programs made by hand.
