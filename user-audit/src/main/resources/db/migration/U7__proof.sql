-- Loses the tree, which can be made again of the events, and the checkpoints, which cannot be signed again as they were.
INSERT INTO unsealed (user_id, version, hash) SELECT user_id, version, hash FROM tree_leaf ORDER BY leaf;
DROP FUNCTION drain_unsealed;
DROP TABLE checkpoint, tree_node, tree_leaf;
