import { bilingual } from "./words.ts";

export const CSV_IMPORT = bilingual(
  {
    step1: "第一步：选文件",
    columns: "列：",
    sample: "下载样例",
    choose: "选择 CSV 文件",
    checking: "检查中",
    tooBig: "文件超过 512 KB，请分几次导入",
    step2: "第二步：看检查结果",
    bad: (n: number) => `${n} 处有问题，改好后再选一次文件。现在什么都没有写入。`,
    badSome: (n: number) =>
      `${n} 处没能写入，其余的已经写入。只把这些行改好另存一个文件再导入，已写入的不要再导入。`,
    line: "行",
    field: "列",
    reason: "原因",
    wholeLine: "整行",
    badCsv: "下载问题清单",
    go: "导入",
    goAgain: "仍要再导入一次",
    before: (at: string, by: string) =>
      `一模一样的内容在 ${at} 由 ${by} 导入过。再导入一次，每一行都会再发一遍。`,
    importing: "导入中",
    progress: (done: number, lines: number) => `已写入 ${done} / ${lines} 行，请别离开这一页。`,
    stopped: (line: number) =>
      line === 1
        ? "还没有写入任何一行。"
        : `写到第 ${line} 行停下了：之前的已经写入，从这一行起还没有。再点一次接着写，关掉以后重新选同一个文件也行，已写入的不会写第二遍。`,
    goesOn: (line: number) =>
      `这个文件导入过一半：第 ${line} 行之前的已经写入，点「接着导入」只写剩下的，不会写第二遍。`,
    inTheWay: (line: number) =>
      line === 1
        ? "改好这些行再选一次文件。"
        : `挡在前面的是这些行。另存一个文件，只留第 ${line} 行及以后的，改好再导入；之前的已经写入，不要再放进去。`,
    goOn: "接着导入",
    waits: "超过门槛，已提交，等第二个人同意后写入。",
    approvals: "看审批",
  },
  {
    step1: "First: the file",
    columns: "Columns: ",
    sample: "Download a sample",
    choose: "Choose a CSV file",
    checking: "Checking",
    tooBig: "The file is larger than 512 KB; bring it in parts",
    step2: "Second: what was found",
    bad: (n) => `${n} things to put right; then choose the file again. Nothing was written so far.`,
    badSome: (n) =>
      `${n} could not be written, everything else was. Put these lines right in a file of their own and import that; what was written must not be imported again.`,
    line: "Line",
    field: "Column",
    reason: "Why",
    wholeLine: "whole line",
    badCsv: "Download the list",
    go: "Import",
    goAgain: "Import it again",
    before: (at: string, by: string) =>
      `The very same lines were imported at ${at} by ${by}. Imported again, every line is given a second time.`,
    importing: "Importing",
    progress: (done, lines) => `${done} of ${lines} lines are written. Stay on this page.`,
    stopped: (line) =>
      line === 1
        ? "No line has been written."
        : `It stopped at line ${line}: what stands before is written, nothing from there on. Go on here, or choose the same file again later; no line is written twice.`,
    goesOn: (line) =>
      `This file was imported in part: what stands before line ${line} is written. “Go on” writes the rest, nothing twice.`,
    inTheWay: (line) =>
      line === 1
        ? "Put these lines right and choose the file again."
        : `These lines are in the way. Put line ${line} and what follows into a file of its own, put it right and import that; what stands before is written and must not be in it.`,
    goOn: "Go on",
    waits: "Above the threshold: it is written once a second person agrees.",
    approvals: "See the approvals",
  },
);
