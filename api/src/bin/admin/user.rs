//! People.

use std::io::Read;

use clap::Args;
use common::app;
use common::app::user::UserDraft;
use common::domain::party::AccessGrant;

use super::World;
use super::error::CliResult;
use super::output::line;

/// Arguments of `create-user`.
#[derive(Args)]
pub struct CreateUser {
    /// Mail address.
    #[arg(long)]
    email: String,
    /// Given name.
    #[arg(long)]
    first_name: String,
    /// Family name.
    #[arg(long)]
    last_name: String,
    /// Reads the password from standard input: arguments are seen by everybody on the machine.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Where the person works: company:SLUG:ROLE or partner:SLUG:ROLE; may be given several times.
    #[arg(long)]
    access: Vec<AccessGrant>,
}

impl CreateUser {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let mut password = String::new();
        std::io::stdin().take(4_096).read_to_string(&mut password)?;
        let draft = UserDraft {
            email: self.email,
            first_name: self.first_name,
            last_name: self.last_name,
            password: password.trim_end_matches(['\r', '\n']).into(),
            accesses: self.access,
        };
        let id = app::user::create(&world.pool, world.clock.now(), &draft).await?;
        line(id);
        Ok(())
    }
}
