"""The marketplaces' export formats, one file each."""
