DROP FUNCTION lost_to_a_rival();
DROP TABLE quarantine;
DROP TABLE feed_partition;
DROP TABLE product;
