"""What rows tell of the person behind them: names, dates of birth and whatever else a project declares."""
