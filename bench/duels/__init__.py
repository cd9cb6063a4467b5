"""The duels of `./dev bench`: each measures the platform beside a yardstick in the same run."""
