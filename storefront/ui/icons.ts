/** 24-px grid, 1.75 stroke, round ends. Each is its own export, so that a page's chunk carries only what it draws. */
export const alert = '<path d="M12 4.5 20.5 19h-17zM12 10.2v4M12 16.6v.1"/>';
export const check = '<path d="m5 12.8 4.6 4.5L19 7.5"/>';
export const clock = '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3.2 2"/>';
export const coin = '<circle cx="12" cy="12" r="8"/><path d="M12 8.2 15.3 12 12 15.8 8.7 12z"/>';
export const copy = '<path d="M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4"/>';
export const home =
  '<path d="M4 11.2 12 4.5l8 6.7V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z"/>';
export const info = '<circle cx="12" cy="12" r="8"/><path d="M12 11.2v4.6M12 8.1v.1"/>';
export const lock =
  '<path d="M6 10.8h12V19a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1zM8.5 10.8V8a3.5 3.5 0 0 1 7 0v2.8"/>';
export const orders =
  '<path d="M6 3.8h12V20l-2.4-1.5L13.2 20 12 19l-1.2 1-2.4-1.5L6 20zM9.2 8.5h5.6M9.2 12.2h5.6"/>';
export const pulse = '<path d="M3.5 12.5H8l2-6 4 11.5 2.3-5.5h4.2"/>';
export const refresh = '<path d="M19 12a7 7 0 1 1-2.2-5.1M19.2 4v4h-4"/>';
export const right = '<path d="m9.5 5.5 6 6.5-6 6.5"/>';
export const share =
  '<path d="M12 14.5V4M8.2 7.5 12 3.8l3.8 3.7M5 12v6.5a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V12"/>';
export const shield =
  '<path d="M12 3.8 18.8 6v5.6c0 4.1-2.7 6.9-6.8 8.6-4.1-1.7-6.8-4.5-6.8-8.6V6z"/><path d="m9 11.9 2.2 2.2 3.9-4"/>';
export const truck =
  '<path d="M3.5 6.5h10v10h-10zM13.5 10h3.8l3.2 3.2v3.3h-7z"/><circle cx="7.3" cy="17.3" r="1.7"/><circle cx="16.8" cy="17.3" r="1.7"/>';
export const undo = '<path d="M8 5 4.5 8.5 8 12M5 8.5h9a5 5 0 0 1 0 10H8"/>';
export const user =
  '<circle cx="12" cy="8.3" r="3.8"/><path d="M4.8 20c.7-3.9 3.6-6 7.2-6s6.5 2.1 7.2 6"/>';
export const users =
  '<circle cx="9" cy="8.7" r="3.2"/><path d="M3.5 19c.5-3.3 2.7-5 5.5-5s5 1.7 5.5 5M15.3 5.8a3.2 3.2 0 0 1 0 5.9M17 14.3c1.9.6 3.1 2.2 3.5 4.7"/>';
export const wallet = '<path d="M4.5 7.5h15v11h-15zM4.5 7.5 15 4.5v3M15.5 13h4"/>';
export const plus = '<path d="M12 5v14M5 12h14"/>';
export const minus = '<path d="M6 12h12"/>';
export const gift =
  '<path d="M4.5 11.5h15V19a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1zM3.5 8h17v3.5h-17zM12 8v12M12 8S10.9 4 8.6 4a1.9 1.9 0 0 0-1.9 2c0 1.3.9 2 1.9 2zM12 8s1.1-4 3.4-4a1.9 1.9 0 0 1 1.9 2c0 1.3-.9 2-1.9 2z"/>';
export const calendar = '<path d="M4.5 6h15v13.5h-15zM4.5 10h15M8.5 3.8V7M15.5 3.8V7"/>';
export const left = '<path d="m14.5 5.5-6 6.5 6 6.5"/>';
export const list =
  '<path d="M10 6.5h9.5M10 12h9.5M10 17.5h9.5M4 6.3l1.2 1.2 2-2.2M4 11.8 5.2 13l2-2.2M4 17.3l1.2 1.2 2-2.2"/>';
export const crown = '<path d="M4.5 17.5 3.5 8l4.8 3.6L12 5.5l3.7 6.1L20.5 8l-1 9.5zM4.5 20h15"/>';
export const download =
  '<path d="M12 4v10.5M8.2 11 12 14.7l3.8-3.7M5 15.5v3a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-3"/>';
export const search = '<circle cx="11" cy="11" r="6.3"/><path d="m15.8 15.8 4.2 4.2"/>';
export const bell =
  '<path d="M6.2 16.5c1-1.1 1.3-2.3 1.3-5.3a4.5 4.5 0 0 1 9 0c0 3 .3 4.2 1.3 5.3zM10.3 19.3c.9.9 2.5.9 3.4 0"/>';
export const ticket =
  '<path d="M4 6.5h16V10a2 2 0 0 0 0 4v3.5H4V14a2 2 0 0 0 0-4zM14.5 6.5v2M14.5 11v2M14.5 15.5v2"/>';
export const pin =
  '<path d="M12 20.5c4-4.2 6-7.4 6-10.2A6 6 0 0 0 6 10.3c0 2.8 2 6 6 10.2z"/><circle cx="12" cy="10.2" r="2.2"/>';
export const help =
  '<circle cx="12" cy="12" r="8"/><path d="M9.6 9.8a2.4 2.4 0 1 1 3.4 2.3c-.7.4-1 .9-1 1.6M12 16.4v.1"/>';
export const star =
  '<path d="m12 4.2 2.4 5 5.4.7-4 3.8 1 5.4-4.8-2.6-4.8 2.6 1-5.4-4-3.8 5.4-.7z"/>';
export const cart =
  '<path d="M4 5h2.4l2 10h9.2l1.9-7H7"/><circle cx="9.6" cy="18.6" r="1.3"/><circle cx="16.6" cy="18.6" r="1.3"/>';
export const tag = '<path d="M4.5 4.5h7l8 8-7 7-8-8zM8.5 8.4v.1"/>';
export const megaphone =
  '<path d="M5 10v4h3l7 4V6l-7 4zM17.8 9.6a3.4 3.4 0 0 1 0 4.8M8 14l1 5h2"/>';
export const gear =
  '<circle cx="12" cy="12" r="3"/><path d="M12 4v2.2M12 17.8V20M4 12h2.2M17.8 12H20M6.3 6.3l1.6 1.6M16.1 16.1l1.6 1.6M17.7 6.3l-1.6 1.6M7.9 16.1l-1.6 1.6"/>';
export const moon = '<path d="M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z"/>';
export const letters = '<path d="m3.5 18 5-12 5 12M5.2 14h6.6M14.5 18l3-7 3 7M15.6 15.6h3.8"/>';
export const globe =
  '<circle cx="12" cy="12" r="8"/><path d="M4 12h16M12 4c2.4 2.2 3.5 4.9 3.5 8s-1.1 5.8-3.5 8c-2.4-2.2-3.5-4.9-3.5-8S9.6 6.2 12 4z"/>';
export const headset =
  '<path d="M5 14v-2a7 7 0 0 1 14 0v2M5 13.5h3v5H6a1 1 0 0 1-1-1zM19 13.5h-3v5h2a1 1 0 0 0 1-1zM18 18.5c0 1.4-1.4 2-4 2"/>';
export const exit = '<path d="M13 5H5.5v14H13M10 12h9.5M16.5 8.8l3.2 3.2-3.2 3.2"/>';
export const x = '<path d="m6 6 12 12M18 6 6 18"/>';
export const box = '<path d="m4.5 8 7.5-4 7.5 4v8L12 20l-7.5-4zM4.5 8l7.5 4 7.5-4M12 12v8"/>';
export const store =
  '<path d="M5 10.5V19a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-8.5M4 8.5 5.5 4h13L20 8.5c0 1.3-1.1 2.2-2.4 2.2-1.5 0-2.7-1-2.7-2.2 0 1.3-1.3 2.2-2.9 2.2S9.1 9.8 9.1 8.5c0 1.3-1.2 2.2-2.7 2.2C5.1 10.7 4 9.8 4 8.5zM9.8 20v-5h4.4v5"/>';
export const chat =
  '<path d="M4 11c0-3.6 3.6-6.5 8-6.5s8 2.9 8 6.5-3.6 6.5-8 6.5c-.9 0-1.8-.1-2.6-.3L5.5 19l.9-3.2C4.9 14.600 4 12.900 4 11zM9 10.500v.1M15 10.500v.1"/>';
