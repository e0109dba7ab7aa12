"""Everything that makes the embedded model beds-256: data, networks, training, export, reference runs and the judge."""
