//! Users: their names, their workplaces, and whether they can sign in. Each change leaves an entry in the audit trail.

use std::io::Read;

use app::user::UserDraft;
use clap::Args;
use domain::access_grant::AccessGrant;
use domain::party::WorkplaceName;
use secrecy::SecretString;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `create-user`.
#[derive(Args)]
pub struct CreateUser {
    /// E-mail address.
    #[arg(long)]
    email: String,
    /// Given name.
    #[arg(long)]
    first_name: String,
    /// Family name.
    #[arg(long)]
    last_name: String,
    /// Reads the password from standard input: arguments are visible to all users of the machine.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Access of the user: company:SLUG:ROLE, partner:SLUG:ROLE or platform:OPERATOR; may be given several times.
    #[arg(long)]
    access: Vec<AccessGrant>,
    /// The user is a platform operator (the same as --access platform:OPERATOR).
    #[arg(long)]
    platform: bool,
    #[command(flatten)]
    note: Note,
}

impl CreateUser {
    /// Runs the command.
    pub async fn run(mut self, world: &World) -> CliResult<()> {
        if self.platform {
            self.access.push(AccessGrant::operator());
        }
        let draft = UserDraft {
            email: self.email,
            first_name: self.first_name,
            last_name: self.last_name,
            password: password_from_stdin()?,
            accesses: self.access,
        };
        let by = self.note.operator(&world.settings)?;
        let id = app::user::create(&world.pool, world.clock.now(), &by, &draft).await?;
        line(id);
        Ok(())
    }
}

/// Arguments of `set-password`.
#[derive(Args)]
pub struct SetPassword {
    /// E-mail address of the user.
    #[arg(long)]
    email: String,
    /// Reads the password from standard input: arguments are visible to all users of the machine.
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    note: Note,
}

impl SetPassword {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let (by, password) = (self.note.operator(&world.settings)?, password_from_stdin()?);
        app::user::set_password(&world.pool, world.clock.now(), &by, &self.email, &password).await?;
        line("changed, and signed out everywhere");
        Ok(())
    }
}

/// Arguments of `disable-user` and `enable-user`.
#[derive(Args)]
pub struct User {
    /// E-mail address of the user.
    #[arg(long)]
    email: String,
    #[command(flatten)]
    note: Note,
}

impl User {
    /// Runs `disable-user`. Disabling a user again changes nothing.
    pub async fn disable(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        app::user::disable(&world.pool, world.clock.now(), &by, &self.email).await?;
        line("disabled, and signed out everywhere");
        Ok(())
    }

    /// Runs `enable-user`.
    pub async fn enable(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        app::user::enable(&world.pool, world.clock.now(), &by, &self.email).await?;
        line("enabled");
        Ok(())
    }
}

/// Arguments of `grant-access`.
#[derive(Args)]
pub struct GrantAccess {
    /// E-mail address of the user.
    #[arg(long)]
    email: String,
    /// Access to grant: company:SLUG:ROLE, partner:SLUG:ROLE or platform:OPERATOR; may be given several times.
    #[arg(long, required = true)]
    access: Vec<AccessGrant>,
    #[command(flatten)]
    note: Note,
}

impl GrantAccess {
    /// Runs the command. An existing role of the user there is replaced immediately.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        app::user::grant(&world.pool, world.clock.now(), &by, &self.email, &self.access).await?;
        line("granted");
        Ok(())
    }
}

/// Arguments of `withdraw-access`.
#[derive(Args)]
pub struct WithdrawAccess {
    /// E-mail address of the user.
    #[arg(long)]
    email: String,
    /// Access to withdraw: company:SLUG, partner:SLUG or platform; may be given several times.
    #[arg(long, required = true)]
    access: Vec<WorkplaceName>,
    #[command(flatten)]
    note: Note,
}

impl WithdrawAccess {
    /// Runs the command: all of these accesses go, or none.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        app::user::withdraw(&world.pool, world.clock.now(), &by, &self.email, &self.access).await?;
        line("withdrawn, and the sessions there ended");
        Ok(())
    }
}

/// A password from standard input, without the line's end.
fn password_from_stdin() -> CliResult<SecretString> {
    let mut password = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut password)?;
    Ok(password.trim_end_matches(['\r', '\n']).into())
}
