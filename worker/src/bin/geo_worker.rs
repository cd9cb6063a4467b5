//! The worker of the geo queue.
fn main() -> std::process::ExitCode {
    worker::run::main(common::jobs::Queue::Geo, common::config::Needs::Geo)
}
