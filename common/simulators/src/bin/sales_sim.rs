//! Sells seats of the demo in `./dev up`, once a day, and tracks its buses, so that the console has something to show.

use std::error::Error;
use std::io::{self, Write as _};

use kernel::clock::Clock;
use simulators::sales::{self, SalesSettings};
use simulators::settings::from_env;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings: SalesSettings = from_env().map_err(|e| e.to_string())?;
    let sold = sales::sell(&settings, Clock::system().now()).await?;
    writeln!(io::stdout(), "{sold} bookings of the demo (SYNTHETIC)")?;
    Ok(())
}
