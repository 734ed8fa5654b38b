CREATE TABLE `after_sales` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`case_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`quantity` integer NOT NULL,
	`points` integer NOT NULL,
	`cash_fen` integer NOT NULL,
	`reason` text NOT NULL,
	`title` text NOT NULL,
	`applied_at_ms` integer NOT NULL,
	`due_at_ms` integer,
	`version` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `order_id`, `case_id`)
);
--> statement-breakpoint
CREATE INDEX `after_sales_by_state` ON `after_sales` (`programme_id`,`state`,`due_at_ms`);