//! The executable: hands over to the command line.

use std::io::{self, IsTerminal as _};
use std::process::exit;

use pemedic::cli::{self, Console};

fn main() {
    let interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
    let code = cli::run(
        std::env::args_os(),
        &mut Console {
            out: &mut io::stdout().lock(),
            err: &mut io::stderr().lock(),
            input: &mut io::stdin().lock(),
            interactive,
            width: 80,
        },
    );
    // Not a returned `ExitCode`: deployment engines want codes above 255.
    exit(code);
}
