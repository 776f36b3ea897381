"""One page of the rail each."""
