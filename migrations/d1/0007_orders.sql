ALTER TABLE `orders` ADD `title` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `goods_kind` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `cash_state` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `paid_fen` integer;--> statement-breakpoint
ALTER TABLE `orders` ADD `returned_points` integer;--> statement-breakpoint
CREATE INDEX `orders_by_state` ON `orders` (`programme_id`,`state`,`granted_at_ms`);