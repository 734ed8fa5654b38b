import type { JSX } from "preact";
import type { DashboardView } from "../../../worker/figures/wire.ts";
import { count } from "../../ui/format.ts";
import { Card, Icon, useConsole, useWords, type IconName } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";

interface Task {
  readonly title: string;
  readonly icon: IconName;
  readonly href: string;
  readonly count: number | null;
}

/** What somebody has to do something about. */
export function Waiting({ view }: { view: DashboardView }): JSX.Element {
  const words = useWords(DASHBOARD);
  const { opens } = useConsole();
  const { toShip, approvals, cases, words: unread } = view.waiting;
  const tasks: Task[] = [
    { title: words.toShip, icon: "truck", href: "/console/orders?state=to_ship", count: toShip },
    { title: words.cases, icon: "wallet", href: "/console/finance?state=ours", count: cases },
    {
      title: words.approvals,
      icon: "shield",
      href: "/console/approvals?state=proposed",
      count: approvals,
    },
    { title: words.unread, icon: "eye", href: "/console/orders/ratings", count: unread },
    {
      title: words.stockOuts,
      icon: "box",
      href: "/console/goods/figures",
      count: view.stockOutCount,
    },
  ];
  const open = tasks.filter((task) => (task.count ?? 0) > 0 && opens(task.href));
  return (
    <Card title={words.waiting}>
      {open.length === 0 ? (
        <p class="sec row">
          <span class="ok-text">
            <Icon name="check" size={16} />
          </span>
          {words.allDone}
        </p>
      ) : (
        <ul class="tasks">
          {open.map((task) => (
            <li key={task.href}>
              <a href={task.href}>
                <Icon name={task.icon} size={18} />
                <span>{task.title}</span>
                <b class="num">{count(task.count ?? 0)}</b>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
