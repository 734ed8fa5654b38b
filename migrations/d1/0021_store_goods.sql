CREATE TABLE `store_goods` (
	`programme_id` text NOT NULL,
	`goods_id` text NOT NULL,
	`store_id` text NOT NULL,
	`is_hidden` integer NOT NULL,
	`sells_own` integer NOT NULL,
	`prices` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`programme_id`, `goods_id`, `store_id`)
);
--> statement-breakpoint
CREATE INDEX `store_goods_by_store` ON `store_goods` (`programme_id`,`store_id`,`goods_id`);--> statement-breakpoint
ALTER TABLE `goods` ADD `brand_id` text;