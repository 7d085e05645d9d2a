"""Hosting strategies that are ready to use: one YAML file each, read by `sim.scenario.library`."""
