//! The admin command line for operators, one file for each resource. Like the other programs, it converts arguments and
//! calls a use case.
//!
//! Exit code 0: done. 1: refused or failed, nothing has changed. 2: wrong usage or settings. 130 and 143: ended by
//! SIGINT or SIGTERM; uncommitted changes are lost.

#![allow(clippy::print_stderr, reason = "a command line speaks to people")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use config::{Needs, Settings};
use connect::postgres::{Limits, PgPool};
use kernel::clock::Clock;
use kernel::id;
use process::{signal, time};
use secrecy::ExposeSecret;

use error::{CliError, CliResult};
use output::line;

mod check;
mod city;
mod company;
mod departure_match;
mod discount;
mod error;
mod exchange_rate;
mod feed;
mod job;
mod legacy;
mod operator;
mod output;
mod partner;
mod queue;
mod rate_limit;
mod seed;
mod story;
mod timetable;
mod tracking;
mod user;

/// Administers the booking platform. The database is the one of DATABASE_URL.
#[derive(Parser)]
#[command(name = "admin", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Brings the database to the schema of this release.
    Migrate,
    /// Loads cities from a GeoNames extract.
    ImportCities(city::ImportCities),
    /// Publishes a GTFS feed, or updates it in place.
    ImportGtfs(timetable::ImportGtfs),
    /// Lists the feeds: key, companies, what is on sale, when it was imported.
    Feeds(feed::Feeds),
    /// Takes a feed off sale; tickets that were sold stay.
    WithdrawFeed(feed::WithdrawFeed),
    /// Gives a feed another key.
    RenameFeed(feed::RenameFeed),
    /// Lists departures that are not for sale because they may match departures already sold.
    DoubtfulMatches(departure_match::DoubtfulMatches),
    /// Decides whether such a departure is the one that was sold.
    ResolveMatch(departure_match::ResolveMatch),
    /// Creates a bus company.
    CreateCompany(company::CreateCompany),
    /// Creates a partner (reseller).
    CreatePartner(partner::CreatePartner),
    /// Creates an API key of a partner and prints it, once.
    CreateApiKey(partner::CreateApiKey),
    /// Sets the tier of a partner and its own limits, and gives it a full quota.
    SetLimits(rate_limit::SetLimits),
    /// Lists the API keys of a partner: id, first characters, environment, name, when created, last used, revoked.
    ListKeys(partner::ListKeys),
    /// Revokes an API key. Other processes reject it within CACHE_MAX_AGE_MS.
    RevokeKey(partner::RevokeKey),
    /// Creates a user with access to the back office.
    CreateUser(user::CreateUser),
    /// Sets the password of a user, and ends their sessions.
    SetPassword(user::SetPassword),
    /// Disables a user: their sessions end, and they cannot sign in.
    DisableUser(user::User),
    /// Enables a disabled user, who can then sign in again.
    EnableUser(user::User),
    /// Gives a user access to a workplace, or another role in it.
    GrantAccess(user::GrantAccess),
    /// Withdraws a user's access to a workplace, and ends their sessions there.
    WithdrawAccess(user::WithdrawAccess),
    /// Sets what a company lets a partner do.
    SetPermissions(company::SetPermissions),
    /// Sets the refund tiers of a company.
    SetRefundRules(company::SetRefundRules),
    /// Creates a discount of a company and prints its id.
    CreateDiscount(discount::CreateDiscount),
    /// Sets an exchange rate.
    SetRate(exchange_rate::SetRate),
    /// Closes the old API (`/rest`) for a partner, even if the partner still calls it.
    CloseLegacy(legacy::Legacy),
    /// Opens the old API for a partner again.
    OpenLegacy(legacy::Legacy),
    /// Creates an account of a company at a tracking provider; its objects are listed immediately.
    #[command(alias = "create-fms-account")]
    CreateTrackingAccount(tracking::CreateTrackingAccount),
    /// Replaces the token of such an account; it is listed and polled immediately.
    #[command(alias = "replace-fms-token")]
    ReplaceTrackingToken(tracking::ReplaceTrackingToken),
    /// Checks the invariants, and the files if STORAGE_URL is set; fails if one is violated or they cannot be checked.
    Check(check::Check),
    /// Shows jobs of the ledger, and retries, cancels or discards them.
    Jobs(job::Jobs),
    /// Prints the story of a booking, an order, a message, a report, an uploaded timetable, a job or a request.
    Story(story::Story),
    /// Shows the status of the queues: jobs, workers, and whether they are paused.
    Queues(queue::Queues),
    /// Pauses a queue: no more jobs are sent to its workers. Running jobs finish.
    PauseQueue(queue::Queue),
    /// Resumes a queue: jobs are sent to its workers again.
    ResumeQueue(queue::Queue),
    /// Shows who did what to queues, jobs, users, terms, keys, feeds and partners, when and why.
    Audit(queue::Audit),
    /// Loads the demo: cities, SYNTHETIC feeds, rates, partners, a user. Changes nothing if it is loaded already.
    SeedDemo(seed::SeedDemo),
    /// Sells the demo's bookings of the last week. Changes nothing if the demo's partner has bookings already.
    SeedDemoSales(seed::sales::SeedDemoSales),
}

/// The context of every command.
struct World {
    settings: Settings,
    pool: PgPool,
    clock: Clock,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("admin: {error}");
            error.code()
        }
    }
}

async fn run(command: Command) -> CliResult<()> {
    signal::end_at_once()?;
    let settings = Settings::from_env(Needs::Database)?;
    let pool = connect::postgres::connect_within(settings.database_url.expose_secret(), 4, Limits::ADMIN).await?;
    let clock = match (&command, time::of_database(&pool).await?) {
        (Command::SeedDemoSales(_), clock) => seed::sales::clock(clock.now()),
        (_, clock) => clock,
    };
    id::follow(&clock);
    let world = World { settings, pool, clock };
    match command {
        Command::Migrate => migrate(&world).await,
        Command::ImportCities(command) => command.run(&world).await,
        Command::ImportGtfs(command) => command.run(&world).await,
        Command::Feeds(command) => command.run(&world).await,
        Command::WithdrawFeed(command) => command.run(&world).await,
        Command::RenameFeed(command) => command.run(&world).await,
        Command::DoubtfulMatches(command) => command.run(&world).await,
        Command::ResolveMatch(command) => command.run(&world).await,
        Command::CreateCompany(command) => command.run(&world).await,
        Command::CreatePartner(command) => command.run(&world).await,
        Command::CreateApiKey(command) => command.run(&world).await,
        Command::SetLimits(command) => command.run(&world).await,
        Command::ListKeys(command) => command.run(&world).await,
        Command::RevokeKey(command) => command.run(&world).await,
        Command::CreateUser(command) => command.run(&world).await,
        Command::SetPassword(command) => command.run(&world).await,
        Command::DisableUser(command) => command.disable(&world).await,
        Command::EnableUser(command) => command.enable(&world).await,
        Command::GrantAccess(command) => command.run(&world).await,
        Command::WithdrawAccess(command) => command.run(&world).await,
        Command::SetPermissions(command) => command.run(&world).await,
        Command::SetRefundRules(command) => command.run(&world).await,
        Command::CreateDiscount(command) => command.run(&world).await,
        Command::SetRate(command) => command.run(&world).await,
        Command::CloseLegacy(command) => command.close(&world).await,
        Command::OpenLegacy(command) => command.open(&world).await,
        Command::CreateTrackingAccount(command) => command.run(&world).await,
        Command::ReplaceTrackingToken(command) => command.run(&world).await,
        Command::Check(command) => command.run(&world).await,
        Command::Jobs(command) => command.run(&world).await,
        Command::Story(command) => command.run(&world).await,
        Command::Queues(command) => command.run(&world).await,
        Command::PauseQueue(command) => command.pause(&world).await,
        Command::ResumeQueue(command) => command.resume(&world).await,
        Command::Audit(command) => command.run(&world).await,
        Command::SeedDemo(command) => command.run(&world).await,
        Command::SeedDemoSales(command) => command.run(&world).await,
    }
}

async fn migrate(world: &World) -> CliResult<()> {
    let done = app::schema::migrate(&world.pool).await;
    done.map_err(|e| CliError::failed(&e))?;
    line("the database has the schema of this release");
    Ok(())
}
