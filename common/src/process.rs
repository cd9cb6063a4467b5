//! What every process does alike: settings, logs, health endpoints, orderly end.
