-- Lossy: all money and its history are gone.
DROP FUNCTION lost_to_a_rival, transfer_alone, keep_transfer_partitions;
DROP TABLE operator_action, reversal, hold, refusal, transfer, account;
DROP FUNCTION first_id_of;
