import { pages } from "../section.ts";
import { ChannelsPage } from "./channels-page.tsx";
import "./channels.css";

export default pages({ path: "", page: ChannelsPage });
