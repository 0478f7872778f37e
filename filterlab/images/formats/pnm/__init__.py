"""PBM, PGM, PPM, PAM and PFM, as text and binary."""
