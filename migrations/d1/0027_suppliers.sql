ALTER TABLE `goods` ADD `supplier_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `goods` ADD `is_drop_shipped` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `goods_by_brand` ON `goods` (`programme_id`,`brand_id`) WHERE brand_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `goods_by_supplier` ON `goods` (`programme_id`,`supplier_name`) WHERE supplier_name <> '';--> statement-breakpoint
CREATE INDEX `goods_drop_shipped` ON `goods` (`programme_id`,`is_drop_shipped`) WHERE is_drop_shipped = 1;--> statement-breakpoint
CREATE INDEX `members_by_spent` ON `members` (`programme_id`,`spent_points`,`member_id`) WHERE spent_points > 0;--> statement-breakpoint
UPDATE `goods` SET
	`supplier_name` = COALESCE(`body` ->> '$.supplier.name', ''),
	`is_drop_shipped` = COALESCE(`body` ->> '$.supplier.isDropShipped', 0);
