"""Full views: trees of explanations, the audit, plots, comparisons, help."""
