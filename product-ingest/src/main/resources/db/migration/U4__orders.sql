DROP TABLE order_refund;
DROP TABLE order_status_change;
DROP TABLE order_line;
DROP TABLE orders;
DROP FUNCTION order_total_is_the_sum_of_its_lines();
