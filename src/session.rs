//! Everything a front end may do, as plain data.
