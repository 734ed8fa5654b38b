CREATE TABLE `sale_rehearsals` (
	`programme_id` text NOT NULL,
	`rehearsal_id` text NOT NULL,
	`session_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`started_by` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`state` text NOT NULL,
	`report` text NOT NULL,
	PRIMARY KEY(`programme_id`, `rehearsal_id`)
);
--> statement-breakpoint
CREATE INDEX `sale_rehearsals_by_session` ON `sale_rehearsals` (`programme_id`,`session_id`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `sale_session_sales` (
	`programme_id` text NOT NULL,
	`session_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`sale_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `session_id`, `sku_id`)
);
--> statement-breakpoint
CREATE INDEX `sale_session_sales_by_sale` ON `sale_session_sales` (`sale_id`);--> statement-breakpoint
CREATE TABLE `sale_sessions` (
	`programme_id` text NOT NULL,
	`session_id` text NOT NULL,
	`state` text NOT NULL,
	`revision` integer NOT NULL,
	`title` text NOT NULL,
	`opens_at_ms` integer NOT NULL,
	`closes_at_ms` integer NOT NULL,
	`body` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `session_id`)
);
--> statement-breakpoint
CREATE INDEX `sale_sessions_by_time` ON `sale_sessions` (`programme_id`,`opens_at_ms`);