/** What pages and the Worker agree on about pictures. */

/** The widths that pages ask for (`/media/…?w=400`), and no other, so that a picture is made anew a few times at most. */
export type PictureWidth = 200 | 400 | 800;
