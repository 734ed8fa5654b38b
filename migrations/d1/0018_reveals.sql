CREATE TABLE `staff_reveals` (
	`programme_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`hour` integer NOT NULL,
	`looks` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `staff_id`, `hour`)
);
--> statement-breakpoint
CREATE INDEX `staff_reveals_by_hour` ON `staff_reveals` (`hour`);