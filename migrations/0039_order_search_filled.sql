-- The words of the orders that were there before the triggers of 0038. Sales go on meanwhile.

select order_terms_add(array(select id from tickets));
