CREATE TABLE `catalogues` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`categories_revision` integer NOT NULL,
	`stamp` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `categories` (
	`programme_id` text NOT NULL,
	`category_id` text NOT NULL,
	`parent_id` text,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`is_hidden` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `category_id`)
);
--> statement-breakpoint
CREATE TABLE `goods` (
	`programme_id` text NOT NULL,
	`goods_id` text NOT NULL,
	`revision` integer NOT NULL,
	`applied_revision` integer NOT NULL,
	`stamp` text NOT NULL,
	`state` text NOT NULL,
	`kind` text NOT NULL,
	`role` text NOT NULL,
	`category_id` text,
	`title` text NOT NULL,
	`title_key` text NOT NULL,
	`position` integer NOT NULL,
	`price_points` integer NOT NULL,
	`card` text NOT NULL,
	`body` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	`updated_by` text NOT NULL,
	`published_at_ms` integer,
	`due_at_ms` integer,
	PRIMARY KEY(`programme_id`, `goods_id`)
);
--> statement-breakpoint
CREATE INDEX `goods_by_position` ON `goods` (`programme_id`,`state`,`position`,`goods_id`);--> statement-breakpoint
CREATE INDEX `goods_by_category` ON `goods` (`programme_id`,`category_id`,`state`,`position`,`goods_id`);--> statement-breakpoint
CREATE INDEX `goods_by_price` ON `goods` (`programme_id`,`state`,`price_points`,`goods_id`);--> statement-breakpoint
CREATE INDEX `goods_by_news` ON `goods` (`programme_id`,`state`,`published_at_ms`,`goods_id`);--> statement-breakpoint
CREATE INDEX `goods_by_update` ON `goods` (`programme_id`,`updated_at_ms`,`goods_id`);--> statement-breakpoint
CREATE INDEX `goods_by_role` ON `goods` (`programme_id`,`state`,`role`);--> statement-breakpoint
CREATE INDEX `goods_by_title` ON `goods` (`programme_id`,`title_key`);--> statement-breakpoint
CREATE INDEX `goods_due` ON `goods` (`due_at_ms`) WHERE due_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `goods_grams` (
	`programme_id` text NOT NULL,
	`gram` text NOT NULL,
	`goods_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `gram`, `goods_id`)
);
--> statement-breakpoint
CREATE INDEX `goods_grams_by_goods` ON `goods_grams` (`programme_id`,`goods_id`);--> statement-breakpoint
CREATE TABLE `goods_revisions` (
	`programme_id` text NOT NULL,
	`goods_id` text NOT NULL,
	`revision` integer NOT NULL,
	`body` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `goods_id`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `goods_skus` (
	`programme_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`goods_id` text NOT NULL,
	`position` integer NOT NULL,
	`code` text NOT NULL,
	`low_stock_units` integer,
	`is_active` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `sku_id`)
);
--> statement-breakpoint
CREATE INDEX `goods_skus_by_goods` ON `goods_skus` (`programme_id`,`goods_id`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `goods_skus_by_code` ON `goods_skus` (`programme_id`,`code`) WHERE code <> '';--> statement-breakpoint
CREATE INDEX `goods_skus_watched` ON `goods_skus` (`programme_id`,`sku_id`) WHERE low_stock_units IS NOT NULL;--> statement-breakpoint
CREATE TABLE `goods_tags` (
	`programme_id` text NOT NULL,
	`tag` text NOT NULL,
	`goods_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `tag`, `goods_id`)
);
--> statement-breakpoint
CREATE INDEX `goods_tags_by_goods` ON `goods_tags` (`programme_id`,`goods_id`);--> statement-breakpoint
CREATE TABLE `stock_movements` (
	`programme_id` text NOT NULL,
	`request_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`cause` text NOT NULL,
	`units` integer NOT NULL,
	`shelf_after` integer,
	`note` text NOT NULL,
	`actor` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `request_id`)
);
--> statement-breakpoint
CREATE INDEX `stock_movements_by_sku` ON `stock_movements` (`programme_id`,`sku_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `sales_by_sku` ON `sales` (`programme_id`,`sku_id`,`kind`,`status`);