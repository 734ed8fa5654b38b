CREATE TABLE `ledger_entries` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`points` integer NOT NULL,
	`order_id` text,
	`balance_after` integer NOT NULL,
	`occurred_at_ms` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`version` integer NOT NULL,
	`sale_id` text NOT NULL,
	`state` text NOT NULL,
	`quantity` integer NOT NULL,
	`epoch` integer NOT NULL,
	`points` integer NOT NULL,
	`cash_fen` integer NOT NULL,
	`ordinal` integer NOT NULL,
	`granted_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `order_id`)
);
--> statement-breakpoint
CREATE INDEX `orders_by_sale` ON `orders` (`sale_id`,`granted_at_ms`);--> statement-breakpoint
CREATE TABLE `sales` (
	`sale_id` text PRIMARY KEY NOT NULL,
	`programme_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`opens_at_ms` integer NOT NULL,
	`closes_at_ms` integer NOT NULL,
	`epoch` integer NOT NULL,
	`shelf` integer NOT NULL,
	`returned` integer NOT NULL,
	`reserve` integer NOT NULL,
	`live` integer NOT NULL,
	`moved_out` integer NOT NULL,
	`stocked` integer NOT NULL,
	`granted` integer NOT NULL,
	`terms` text NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sales_by_programme` ON `sales` (`programme_id`,`kind`,`status`);--> statement-breakpoint
CREATE TABLE `skus` (
	`programme_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`title` text NOT NULL,
	`category` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `sku_id`)
);
