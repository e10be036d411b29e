"""What was done to a workbook: to its sheets, by what was typed, and besides."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.catalogue.entry import (
    ERROR,
    HINT,
    NOTHING,
    RETURN,
    WARNING,
    CatalogueEntry,
)
from workbook_builder.model.text import Text

SHEETS: Mapping[str, CatalogueEntry] = {
    "T01": CatalogueEntry(
        ERROR,
        Text(
            "合计单元格的公式被改成了别的内容。",
            "The formula of a total was replaced.",
        ),
        Text(
            "合计由公式自动计算，请在退回件里填报，不要改动灰色的合计单元格。",
            "Totals are computed: fill in the marked workbook and leave the grey cells alone.",
        ),
        RETURN,
    ),
    "T02": CatalogueEntry(
        ERROR,
        Text(
            "表样被改动：这里应是“{expected}”，现在是“{seen}”；{detail}。",
            "The table was changed: expected “{expected}”, found “{seen}”; {detail}.",
        ),
        Text(
            "请不要插入、删除行列，也不要改动表内文字；请把数字填入退回件。",
            "Do not insert, delete or rename: fill in the marked workbook.",
        ),
        RETURN,
    ),
    "T03": CatalogueEntry(
        ERROR,
        Text("缺少工作表“{expected}”。", "The sheet “{expected}” is missing."),
        Text(
            "请用退回件填报，不要删除工作表，核对后重新报送。",
            "Fill in the marked workbook and leave its sheets in place.",
        ),
        RETURN,
    ),
    "T04": CatalogueEntry(
        ERROR,
        Text(
            "这份表与下发的版式不符。",
            "The stamp does not fit the layout of this edition.",
        ),
        Text(
            "请用退回件填报，核对后重新报送。",
            "Fill in the marked workbook and send it.",
        ),
        RETURN,
    ),
    "T05": CatalogueEntry(
        ERROR,
        Text(
            "单位、统计期等信息可能被改过，与下发时不一致。",
            "The signature of the stamp is wrong: unit or year may have been changed.",
        ),
        Text(
            "请核对单位名称和统计期；用退回件填报，核对后重新报送。",
            "Check unit and period; fill in the marked workbook and send it.",
        ),
        Text(
            "请核对文件的来历；无误的，将退回件发给该单位改正。",
            "See where it comes from; if all is well, send the marked workbook back.",
        ),
    ),
    "T06": CatalogueEntry(
        ERROR,
        Text(
            "此处是公式，但没有计算结果。",
            "This cell is a formula without a result.",
        ),
        Text(
            "请用 Excel 或 WPS 打开，直接填数字，保存后重新报送。",
            "Open it in Excel or WPS, type the number itself, save and send again.",
        ),
        RETURN,
    ),
    "T07": CatalogueEntry(
        ERROR,
        Text(
            "有两张一样的表“{expected}”和“{seen}”，填的内容不同，无法判断以哪张为准。",
            "The sheets “{expected}” and “{seen}” are the same table with different "
            "entries.",
        ),
        Text(
            "请留下填对的一张，名称用原来的，删掉另一张。",
            "Keep the right one under its original name and delete the other.",
        ),
        RETURN,
    ),
    "T08": CatalogueEntry(
        WARNING,
        Text(
            "这是任务“{seen}”的上报表，{detail}，等待主管部门确认，没有采用。",
            "A roll-up of the campaign “{seen}”: {detail}. It was not taken.",
        ),
        Text(
            "请用本工具再汇总一次，将新的上报表原样报送，不要改动。",
            "Collect again and send the new roll-up as it is.",
        ),
        Text(
            "请与该单位核对防伪码和合计：防伪码相符的，认可它（trust），以后不再询问；"
            "没有防伪码而合计相符的，指定采用这一份（use）；该单位没有下级的，请用报送表报送。",
            "Compare seal and totals with that office: where the seal is its own, agree to "
            "it (trust), once for all; where there is none, choose the file (use). A unit "
            "without a level below it sends a return.",
        ),
    ),
    "Y01": CatalogueEntry(
        HINT,
        Text(
            "此处填的是公式，按显示的结果 {seen} 读取。",
            "A formula was typed here; its result {seen} was taken.",
        ),
        Text(
            "请核对结果；建议直接填数字。", "Check the result; better type the number."
        ),
        Text(
            "不影响通过；请核对结果是否合理。",
            "It does not keep the return out; see whether the result makes sense.",
        ),
    ),
    "Y02": CatalogueEntry(
        ERROR,
        Text(
            "表上方的零报告应从列表里选，现在是“{seen}”。",
            "The zero declaration is to be chosen from the list; it says “{seen}”.",
        ),
        Text("请从下拉列表里选，或者清空。", "Choose from the list, or clear it."),
        RETURN,
    ),
    "Y03": CatalogueEntry(
        HINT,
        Text(
            "工作表“{expected}”被改名为“{seen}”，按表内文字认出。",
            "The sheet “{expected}” was renamed “{seen}”; its labels tell.",
        ),
        Text("不影响结果；请不要改动工作表的名称。", "No harm; better keep the name."),
        NOTHING,
    ),
    "Y04": CatalogueEntry(
        HINT,
        Text(
            "工作表里的文字有变动：这里应是“{expected}”，现在是“{seen}”；填的内容都按标题对上了。",
            "Labels were changed: expected “{expected}”, found “{seen}”; all entries "
            "were found.",
        ),
        Text("请核对读出的内容。", "Check what was read."),
        Text("请核对读出的内容。", "Check what was read."),
    ),
    "Y05": CatalogueEntry(
        HINT,
        Text(
            "工作表“{seen}”与“{expected}”完全相同，只读了后者。",
            "The sheet “{seen}” says the same as “{expected}”; the latter was read.",
        ),
        NOTHING,
        NOTHING,
    ),
    "Y06": CatalogueEntry(
        HINT,
        Text(
            "此处是文本“{seen}”，按数字 {expected} 读取。",
            "The text “{seen}” was taken for the number {expected}.",
        ),
        NOTHING,
        NOTHING,
    ),
    "Y07": CatalogueEntry(
        ERROR,
        Text(
            "应当写文字的地方是错误值“{seen}”。",
            "There is the error {seen} where a text should be.",
        ),
        Text(
            "多是因为文字以“=”“+”或“-”开头，被当成了公式，请删去后重新填写，不要以这些符号开头。",
            "A text that began with =, + or - was taken for a formula: write it again.",
        ),
        RETURN,
    ),
    "Y08": CatalogueEntry(
        HINT,
        Text(
            "工作表“{expected}”被隐藏了，里面的内容照常读取。",
            "The sheet “{expected}” is hidden; it was read all the same.",
        ),
        Text(
            "请取消隐藏，核对里面的内容是否应当报送。",
            "Unhide it and see whether what is in it is meant.",
        ),
        Text(
            "请取消隐藏，核对里面的内容是否应当报送。",
            "Unhide it and see whether what is in it is meant.",
        ),
    ),
    "Y09": CatalogueEntry(
        HINT,
        Text(
            "工作表“{expected}”有 {detail} 个单元格填了内容，却在隐藏的行或列里，照常读取。",
            "On “{expected}” {detail} filled cells are in hidden rows or columns; "
            "they were read all the same.",
        ),
        Text(
            "请取消隐藏，核对里面的内容是否应当报送。",
            "Unhide them and see whether what is in them is meant.",
        ),
        Text(
            "请取消隐藏，核对里面的内容是否应当报送。",
            "Unhide them and see whether what is in them is meant.",
        ),
    ),
    "Y10": CatalogueEntry(
        HINT,
        Text(
            "这里是公式或嵌入的图片，不是键入的文字，没有采用。",
            "A formula or an embedded picture stands here, no text; it was not taken.",
        ),
        Text(
            "请清空这个单元格，用键盘键入文字。",
            "Clear the cell and type the text.",
        ),
        Text(
            "没有采用；需要这段文字的，请通知该单位键入后重新报送。",
            "It was not taken; if the text is needed, have the unit type it.",
        ),
    ),
    "Y11": CatalogueEntry(
        HINT,
        Text(
            "这里应是文字，现在是数值或日期 {seen}，可能不是原来键入的（如丢了开头的 0），"
            "没有采用。",
            "The number or date {seen} stands where a text should be; it may not be what "
            "was typed (a leading 0 may be lost), and it was not taken.",
        ),
        Text(
            "请重新键入；电话号码、邮政编码先键入英文单引号（'），再键入号码。",
            "Type it again, with an apostrophe before a telephone number or postcode.",
        ),
        Text(
            "没有采用，报告里按空缺标出；请通知该单位更正，或者向该单位核实。",
            "It was not taken and is missing in the report; ask the unit.",
        ),
    ),
    "Y12": CatalogueEntry(
        ERROR,
        Text(
            "这里存的数是 {seen}，单元格格式却把它显示成别的样子，或者不显示。",
            "The number here is {seen}; its format shows another, or none.",
        ),
        Text(
            "请将单元格格式改为“常规”，核对数之后重新报送。",
            "Set the format to General, see whether the number is right, send it again.",
        ),
        RETURN,
    ),
    "Y13": CatalogueEntry(
        ERROR,
        Text(
            "这里的“{seen}”有上标、下标、划掉的或看不清的字（字太小、颜色与底色相近、重复填满），"
            "无法判断是什么数。",
            "Something of “{seen}” is raised, lowered, struck out or cannot be read (tiny, "
            "of the colour behind it, repeated to fill); nobody can tell what is meant.",
        ),
        Text(
            "请清空这个单元格，取消删除线、上标和下标，字用黑色、11 号，重新键入数字。",
            "Clear the cell, set an ordinary font in black, type the number.",
        ),
        RETURN,
    ),
    "Y14": CatalogueEntry(
        ERROR,
        Text(
            "合并单元格盖住了已经填的“{seen}”，表上看不到。",
            "A merged cell hides the entry “{seen}”.",
        ),
        Text(
            "请取消合并，核对每个单元格之后重新报送。",
            "Unmerge the cells, see whether each is right, and send it again.",
        ),
        RETURN,
    ),
    "Y15": CatalogueEntry(
        HINT,
        Text(
            "合计单元格里的公式换成了数字“{seen}”，与各项相加的结果相同。",
            "The formula of a total was replaced by “{seen}”, which is what it gives.",
        ),
        Text(
            "各项再有改动的，合计不会跟着变，请核对。",
            "It will not follow when other figures change.",
        ),
        NOTHING,
    ),
    "Y16": CatalogueEntry(
        HINT,
        Text(
            "缺少工作表“{expected}”，没有读取说明。",
            "The sheet “{expected}” is missing: no explanation was read.",
        ),
        Text(
            "有说明要写的，请用退回件填报，不要删除工作表。",
            "Where something is to be explained, fill in the marked workbook.",
        ),
        NOTHING,
    ),
    "Y18": CatalogueEntry(
        ERROR,
        Text(
            "粘贴页 {detail} 应为“{expected}”，现为“{seen}”：表没有对上，粘贴的数没有采用。",
            "The pasted table does not line up: “{expected}” is to stand at {detail}, "
            "not “{seen}”. Nothing of it was taken.",
        ),
        Text(
            "从整张表（连同表头）的左上角重新粘贴，或者在表里逐项填写。",
            "Paste the whole table again, head included, or fill in the table itself.",
        ),
        RETURN,
    ),
    "Y19": CatalogueEntry(
        ERROR,
        Text(
            "这里填的是“{seen}”，单元格上另有条件格式，条件满足时会把它划掉、隐藏或者显示成别的数。",
            "“{seen}” stands here; a conditional format laid over it may strike it out, "
            "hide it or show another number.",
        ),
        Text(
            "请核对这个数，在退回件里重新键入（从别处粘贴的，只粘贴数值）。",
            "See whether the number is right and type it into the marked workbook "
            "(what is pasted, as values only).",
        ),
        RETURN,
    ),
    "Y20": CatalogueEntry(
        WARNING,
        Text(
            "这里的文字有划掉的、上标下标的，或者不显示、看不清的字；读取时这些字也算在内。",
            "Something of this text is struck out, raised, lowered, hidden or cannot be "
            "read; it was taken with all of that.",
        ),
        Text(
            "请删去不要的字，取消删除线、上标和下标，字用黑色、11 号，核对后重新报送。",
            "Delete what is not meant, take away strikes, superscripts and subscripts, "
            "use black letters of 11 points, and send it again.",
        ),
        Text(
            "请向该单位核实；这些字确实要的，可以同意计入。",
            "Ask the unit; accept it if all of that is meant.",
        ),
    ),
    "X01": CatalogueEntry(
        HINT,
        Text("工作表的保护被取消：{detail}。", "Sheets are not protected: {detail}."),
        Text(
            "请在退回件里填报，不要取消保护。",
            "Fill in the marked workbook with its protection left on.",
        ),
        Text(
            "不影响通过；请留意合计和表样，有疑问的向该单位核实。",
            "It does not keep the return out; look at totals and labels, and ask in doubt.",
        ),
    ),
    "X02": CatalogueEntry(
        HINT,
        Text(
            "有 {detail} 个填报单元格没有了录入限制（从别处整块粘贴，或者换软件另存，都会这样）。",
            "{detail} cells lost the limits of what may be typed (pasted over, or saved "
            "by another program).",
        ),
        Text(
            "粘贴时请选“只粘贴数值”；请在退回件里填报。",
            "Paste values only; fill in the marked workbook.",
        ),
        Text(
            "不影响通过；请核对读出的数，有疑问的向该单位核实。",
            "It does not keep the return out; compare what was read, and ask in doubt.",
        ),
    ),
    "X03": CatalogueEntry(
        HINT,
        Text(
            "文件里有宏，没有运行；下发的报送表没有宏。",
            "The file holds macros, which were not run; what was sent out has none.",
        ),
        Text(
            "请用下发的报送表填报，文件里不要带宏。",
            "Fill in the workbook that was sent out; it needs no macros.",
        ),
        Text(
            "请不要启用这个文件的宏；来历不明的，请向该单位核实。",
            "Do not enable them; ask the unit where they come from.",
        ),
    ),
    "X04": CatalogueEntry(
        HINT,
        Text(
            "文件里有指向其他文件或程序的链接，没有读取；数字可能是从别处引用来的。",
            "The file links to other files or programs, which were not followed.",
        ),
        Text(
            "请把引用来的数改填为数字。",
            "Type the numbers themselves instead of links.",
        ),
        Text(
            "打开时请不要更新链接；请该单位改填数字。",
            "Do not update links; have the unit type the numbers themselves.",
        ),
    ),
    "X05": CatalogueEntry(
        HINT,
        Text("单位留了批注：“{seen}”。", "The unit left a comment: “{seen}”."),
        Text(
            "需要说明的，请写在“审核”表的“说明”栏。",
            "What should be known belongs into the column 说明.",
        ),
        Text("请阅读批注；批注不作为数据。", "Read it: comments are no data."),
    ),
    "X06": CatalogueEntry(
        HINT,
        Text("文件最后由“{seen}”保存。", "The file was last saved by {seen}."),
        NOTHING,
        NOTHING,
    ),
    "X07": CatalogueEntry(
        HINT,
        Text(
            "文件里嵌入了别的文件，没有打开；下发的报送表里没有。",
            "Other files are embedded in it, which were not opened.",
        ),
        Text(
            "请删去嵌入的文件，需要的另附。",
            "Take the embedded files out; attach what is needed.",
        ),
        Text(
            "请不要打开；来历不明的，请向该单位核实。",
            "Do not open them; ask the unit where they come from.",
        ),
    ),
    "X08": CatalogueEntry(
        HINT,
        Text(
            "{detail}的文字一半以上与{seen}的相同。",
            "{detail}: more than half of the text is that of {seen}.",
        ),
        Text(
            "文字部分请写本单位自己的情况。",
            "Write of your own unit.",
        ),
        Text(
            "不影响通过；内容雷同的，请两个单位各按自己的情况改写后重新报送。",
            "It does not keep the return out; have each unit write of itself.",
        ),
    ),
    "X09": CatalogueEntry(
        HINT,
        Text(
            "经办人决定不计入汇总：{detail}。",
            "The clerk left it out of the sums: {detail}.",
        ),
        NOTHING,
        Text(
            "合计不含这个单位；要计入的，撤回这项决定再汇总。",
            "The sums are without it; withdraw the decision to add it up again.",
        ),
    ),
}
