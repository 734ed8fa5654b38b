CREATE TABLE `acts_alone` (
	`programme_id` text NOT NULL,
	`purse` text NOT NULL,
	`actor` text NOT NULL,
	`act_id` text NOT NULL,
	`figure` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `purse`, `actor`, `act_id`)
);
--> statement-breakpoint
CREATE INDEX `adjustments_by_time` ON `adjustments` (`programme_id`,`proposed_at_ms`);--> statement-breakpoint
CREATE INDEX `orders_by_id` ON `orders` (`programme_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_unpaid` ON `orders` (`programme_id`,`updated_at_ms`) WHERE cash_state IN ('awaiting', 'void', 'late_paid');--> statement-breakpoint
CREATE INDEX `orders_cancelled_paid` ON `orders` (`programme_id`,`updated_at_ms`) WHERE state = 'cancelled' AND paid_fen > 0;--> statement-breakpoint
CREATE INDEX `till_codes_by_time` ON `till_codes` (`programme_id`,`saved_at_ms`);--> statement-breakpoint
CREATE INDEX `after_sales_by_time` ON `after_sales` (`programme_id`,`state`,`applied_at_ms`);--> statement-breakpoint
CREATE INDEX `write_offs_by_time` ON `write_offs` (`programme_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `money_moves_by_order` ON `money_moves` (`programme_id`,`member_id`,`order_id`);