"""Mine (M): RFM groups and repurchase cycles. Pure rules, told the date."""
