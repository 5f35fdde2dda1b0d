-- Loses nothing that is not gone already.
DROP FUNCTION thin_checkpoints;
DROP FUNCTION forget_reads;
