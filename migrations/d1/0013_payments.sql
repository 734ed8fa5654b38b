CREATE TABLE `money_moves` (
	`programme_id` text NOT NULL,
	`move_id` text NOT NULL,
	`kind` text NOT NULL,
	`payment_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`provider` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`at_ms` integer NOT NULL,
	`version` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `move_id`)
);
--> statement-breakpoint
CREATE INDEX `money_moves_by_time` ON `money_moves` (`programme_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `money_moves_by_state` ON `money_moves` (`programme_id`,`state`,`at_ms`);--> statement-breakpoint
CREATE TABLE `payment_settings` (
	`programme_id` text NOT NULL,
	`provider` text NOT NULL,
	`is_enabled` integer NOT NULL,
	`sealed` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `provider`)
);
--> statement-breakpoint
CREATE TABLE `payment_terms` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`flash_minutes` integer NOT NULL,
	`standing_minutes` integer NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payments` (
	`payment_id` text PRIMARY KEY NOT NULL,
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`provider` text NOT NULL,
	`scene` text NOT NULL,
	`amount_fen` integer NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payments_by_programme` ON `payments` (`programme_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`programme_id` text NOT NULL,
	`provider` text NOT NULL,
	`day` text NOT NULL,
	`checked` integer NOT NULL,
	`differences` text NOT NULL,
	`word` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `provider`, `day`)
);
