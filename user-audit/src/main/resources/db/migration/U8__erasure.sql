-- Loses who asked for what, and the certificates; who is forgotten stays so.
DROP TABLE legal_hold, erasure;
