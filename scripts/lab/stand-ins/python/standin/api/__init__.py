"""The API server and controllers that stand in for a control plane."""
