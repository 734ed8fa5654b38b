CREATE TABLE `ledger_rules` (
	`programme_id` text NOT NULL,
	`rule_id` text NOT NULL,
	`recorded_at_ms` integer NOT NULL,
	`member_id` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `rule_id`, `recorded_at_ms`, `member_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `stored_totals` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`members` integer NOT NULL,
	`owed_fen` integer NOT NULL,
	`topped_up_fen` integer NOT NULL,
	`spent_fen` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `orders_cancelled_paid`;--> statement-breakpoint
CREATE INDEX `orders_cancelled_paid` ON `orders` (`programme_id`,`updated_at_ms`,`member_id`,`order_id`,`paid_fen`,`granted_at_ms`) WHERE state = 'cancelled' AND paid_fen > 0;--> statement-breakpoint
DROP INDEX `members_redeemed`;--> statement-breakpoint
CREATE INDEX `members_merged` ON `members` (`programme_id`,`last_active_at_ms`,`last_redeemed_at_ms`) WHERE merged_into IS NOT NULL;--> statement-breakpoint
CREATE INDEX `members_redeemed` ON `members` (`programme_id`,`last_redeemed_at_ms`,`member_id`) WHERE last_redeemed_at_ms IS NOT NULL;--> statement-breakpoint
DROP INDEX `money_moves_by_order`;--> statement-breakpoint
CREATE INDEX `money_moves_by_order` ON `money_moves` (`programme_id`,`member_id`,`order_id`,`kind`,`amount_fen`);--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `actor` text;--> statement-breakpoint
CREATE INDEX `ledger_entries_by_type` ON `ledger_entries` (`programme_id`,`type`,`recorded_at_ms`) WHERE type NOT IN ('redeem', 'redeem_rollback', 'earn_order');--> statement-breakpoint
CREATE INDEX `ledger_entries_by_actor` ON `ledger_entries` (`programme_id`,`actor`,`recorded_at_ms`) WHERE actor NOT IN ('member', 'system');--> statement-breakpoint
CREATE INDEX `ledger_entries_returned` ON `ledger_entries` (`programme_id`,`member_id`,`order_id`) WHERE type = 'redeem_rollback';--> statement-breakpoint
CREATE INDEX `ledger_entries_by_store` ON `ledger_entries` (`programme_id`,`store_id`,`recorded_at_ms`) WHERE store_id IS NOT NULL;--> statement-breakpoint
INSERT INTO `stored_totals` (`programme_id`, `members`, `owed_fen`, `topped_up_fen`, `spent_fen`)
SELECT `programme_id`, SUM(`seq` = 1), SUM(`amount_fen`), SUM(CASE `type` WHEN 'top_up' THEN `moved_fen` ELSE 0 END),
  SUM(CASE `type` WHEN 'capture' THEN `moved_fen` WHEN 'refund' THEN 0 - `moved_fen` ELSE 0 END)
FROM `stored_entries` GROUP BY `programme_id`;--> statement-breakpoint
INSERT INTO `ledger_rules` (`programme_id`, `rule_id`, `recorded_at_ms`, `member_id`, `seq`)
SELECT DISTINCT e.`programme_id`, share.value ->> '$.ruleId', e.`recorded_at_ms`, e.`member_id`, e.`seq`
FROM `ledger_entries` e CROSS JOIN json_each(e.`breakdown`) share
WHERE e.`breakdown` IS NOT NULL AND e.`recorded_at_ms` IS NOT NULL;
