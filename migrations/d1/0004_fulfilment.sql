CREATE TABLE `addresses` (
	`programme_id` text NOT NULL,
	`address_id` text NOT NULL,
	`member_id` text NOT NULL,
	`is_default` integer NOT NULL,
	`region_code` text NOT NULL,
	`sealed` text NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `address_id`)
);
--> statement-breakpoint
CREATE INDEX `addresses_by_member` ON `addresses` (`programme_id`,`member_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `addresses_default` ON `addresses` (`programme_id`,`member_id`) WHERE is_default = 1;--> statement-breakpoint
CREATE TABLE `delivery_terms` (
	`programme_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`body` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `sku_id`)
);
--> statement-breakpoint
CREATE TABLE `freight_templates` (
	`programme_id` text NOT NULL,
	`template_id` text NOT NULL,
	`is_default` integer NOT NULL,
	`body` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `template_id`)
);
--> statement-breakpoint
CREATE TABLE `order_recipients` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`kind` text NOT NULL,
	`region_code` text,
	`freight_fen` integer NOT NULL,
	`sealed` text NOT NULL,
	`phone_tail_print` text,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `order_id`)
);
--> statement-breakpoint
CREATE INDEX `order_recipients_by_phone` ON `order_recipients` (`programme_id`,`phone_tail_print`);--> statement-breakpoint
CREATE TABLE `ratings` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`stars` integer NOT NULL,
	`comment` text NOT NULL,
	`state` text NOT NULL,
	`decided_by` text,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `order_id`)
);
--> statement-breakpoint
CREATE INDEX `ratings_by_state` ON `ratings` (`programme_id`,`state`,`at_ms`);--> statement-breakpoint
CREATE INDEX `ratings_by_sku` ON `ratings` (`programme_id`,`sku_id`,`state`);--> statement-breakpoint
CREATE TABLE `reveals` (
	`programme_id` text NOT NULL,
	`reveal_id` text NOT NULL,
	`what` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`by` text NOT NULL,
	`reason` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `reveal_id`)
);
--> statement-breakpoint
CREATE INDEX `reveals_by_order` ON `reveals` (`programme_id`,`member_id`,`order_id`,`at_ms`);--> statement-breakpoint
CREATE TABLE `shipments` (
	`programme_id` text NOT NULL,
	`shipment_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`quantity` integer NOT NULL,
	`carrier` text NOT NULL,
	`tracking_no` text NOT NULL,
	`state` text NOT NULL,
	`points` text NOT NULL,
	`sent_by` text NOT NULL,
	`sent_at_ms` integer NOT NULL,
	`signed_at_ms` integer,
	`ask_at_ms` integer,
	PRIMARY KEY(`programme_id`, `shipment_id`)
);
--> statement-breakpoint
CREATE INDEX `shipments_by_order` ON `shipments` (`programme_id`,`member_id`,`order_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `shipments_by_number` ON `shipments` (`programme_id`,`carrier`,`tracking_no`,`order_id`);--> statement-breakpoint
CREATE INDEX `shipments_to_ask` ON `shipments` (`ask_at_ms`) WHERE ask_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `top_ups` (
	`programme_id` text NOT NULL,
	`top_up_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`product` text NOT NULL,
	`quantity` integer NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_try_at_ms` integer,
	`reason` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `top_up_id`)
);
--> statement-breakpoint
CREATE INDEX `top_ups_by_order` ON `top_ups` (`programme_id`,`member_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `top_ups_due` ON `top_ups` (`next_try_at_ms`) WHERE next_try_at_ms IS NOT NULL;--> statement-breakpoint
CREATE TABLE `vouchers` (
	`programme_id` text NOT NULL,
	`voucher_id` text NOT NULL,
	`locator` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`uses_total` integer NOT NULL,
	`uses_left` integer NOT NULL,
	`store_ids` text,
	`valid_from_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`state` text NOT NULL,
	`booked_store_id` text,
	`booked_at_ms` integer,
	`is_order_told` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `voucher_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `vouchers_by_locator` ON `vouchers` (`programme_id`,`locator`);--> statement-breakpoint
CREATE INDEX `vouchers_by_order` ON `vouchers` (`programme_id`,`member_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `vouchers_by_booking` ON `vouchers` (`programme_id`,`booked_store_id`,`booked_at_ms`);--> statement-breakpoint
CREATE TABLE `write_offs` (
	`programme_id` text NOT NULL,
	`write_off_id` text NOT NULL,
	`voucher_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`uses` integer NOT NULL,
	`store_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`snapshot` text NOT NULL,
	`state` text NOT NULL,
	`at_ms` integer NOT NULL,
	`reversed_by` text,
	`reversed_at_ms` integer,
	`reason` text NOT NULL,
	PRIMARY KEY(`programme_id`, `write_off_id`)
);
--> statement-breakpoint
CREATE INDEX `write_offs_by_store` ON `write_offs` (`programme_id`,`store_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `write_offs_by_voucher` ON `write_offs` (`programme_id`,`voucher_id`);--> statement-breakpoint
CREATE INDEX `write_offs_pending` ON `write_offs` (`at_ms`) WHERE state = 'pending';