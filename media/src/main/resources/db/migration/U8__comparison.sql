-- It can be measured again.
DROP TABLE comparison;
