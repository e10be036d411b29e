Attribute VB_Name = "UnitHelper"
Option Explicit

' 报送表助手（可选）：不用宏也能填完、报送。
' 这里不算数、不审核，只用报送表自己算好的内容，通过三个名称找到：
'   audit_lines    “审核”表的每一行（代码、级别、内容 …… 状态、定位、说明）
'   audit_targets  每一行对应哪个单元格，如 '表三'!D7
'   file_name      标准文件名
'
' 怎么装：在 Excel 里新建空白工作簿，按 Alt+F11，菜单“文件”→“导入文件”，选本文件；
'         回到 Excel，“文件”→“另存为”，类型选“Excel 启用宏的工作簿”，取名“报送表助手”。
' 怎么用：同时打开“报送表助手”和收到的报送表，停在报送表上按 Alt+F8，选一个宏，点“执行”。

Private Const LINES As String = "audit_lines"
Private Const TARGETS As String = "audit_targets"
Private Const FILE_NAME As String = "file_name"

' “审核”表的列，从 1 数起。
Private Const CODE_COLUMN As Long = 1
Private Const WORDS_COLUMN As Long = 3
Private Const STATE_COLUMN As Long = 7

Private Const NOT_FILLED As String = "未填"
Private Const TITLE As String = "报送表助手"

' 上次跳到哪一行，下次从它后面找起。
Private LastBook As String
Private LastLine As Long

Public Sub 跳到下一处问题()
    Dim at As Long
    If Not IsReturn() Then Exit Sub
    at = NextProblem()
    If at = 0 Then
        Application.StatusBar = False
        MsgBox "没有待处理的问题，可以保存并报送了。", vbInformation, TITLE
    Else
        GoToLine at
    End If
End Sub

Public Sub 另存为报送文件()
    Dim folder As String
    If Not IsReturn() Then Exit Sub
    folder = ActiveWorkbook.Path
    If InStr(folder, "://") > 0 Then folder = ""
    folder = InputBox("保存到哪个文件夹？文件名将是：" & vbCrLf & StandardName(), TITLE, folder)
    If folder <> "" Then SaveInto folder
End Sub

Public Sub 清空填报项()
    Dim question As String
    If Not IsReturn() Then Exit Sub
    question = "要清空各表里已填的全部数字和零报告选择吗？文字和说明会保留。清空后不能撤销。"
    If MsgBox(question, vbYesNo + vbExclamation + vbDefaultButton2, TITLE) = vbYes Then
        MsgBox "已清空 " & ClearEntries() & " 个单元格。", vbInformation, TITLE
    End If
End Sub

' 下一处问题是第几行；0 表示没有。到了末尾再从头找。
Public Function NextProblem() As Long
    Dim total As Long, steps As Long, at As Long
    If LastBook <> ActiveWorkbook.FullName Then LastLine = 0
    total = Place(LINES).Rows.Count
    For steps = 1 To total
        at = (LastLine + steps - 1) Mod total + 1
        If IsProblem(at) Then
            NextProblem = at
            Exit Function
        End If
    Next steps
End Function

' 状态是叉号；或者是“未填”，而且对应的单元格正空着等人填。
Private Function IsProblem(ByVal at As Long) As Boolean
    Dim state As String, cell As Range
    state = Place(LINES).Cells(at, STATE_COLUMN).Text
    If state = NOT_FILLED Then
        Set cell = TargetOf(at)
        IsProblem = (cell.Formula = "") And Not cell.Locked
    Else
        IsProblem = (state = ChrW(&H2718))
    End If
End Function

' 第 at 行对应的单元格。
Private Function TargetOf(ByVal at As Long) As Range
    Dim target As String, mark As Long
    target = Place(TARGETS).Cells(at, 1).Value
    mark = InStrRev(target, "!")
    Set TargetOf = ActiveWorkbook.Worksheets(Mid(target, 2, mark - 3)).Range(Mid(target, mark + 1))
End Function

' 选中第 at 行对应的单元格，并在状态栏说明是哪一条。
Public Sub GoToLine(ByVal at As Long)
    Dim cell As Range
    Set cell = TargetOf(at)
    cell.Worksheet.Activate
    cell.Select
    LastBook = ActiveWorkbook.FullName
    LastLine = at
    With Place(LINES)
        Application.StatusBar = .Cells(at, CODE_COLUMN).Text & "  " & .Cells(at, WORDS_COLUMN).Text & "  " & .Cells(at, STATE_COLUMN).Text
    End With
End Sub

' 标准文件名，写在报送表里，与发出时相同。
Public Function StandardName() As String
    StandardName = Place(FILE_NAME).Value
End Function

' 用标准文件名存到文件夹里；已有别的同名文件时先问。存了返回 True。
Public Function SaveInto(ByVal folder As String) As Boolean
    Dim path As String
    If LCase(Right(ActiveWorkbook.Name, 5)) <> ".xlsx" Then
        MsgBox "这个文件不是 .xlsx。请先用“文件”→“另存为”存成 Excel 工作簿（*.xlsx）。", vbExclamation, TITLE
        Exit Function
    End If
    If Dir(folder, vbDirectory) = "" Then
        MsgBox "没有这个文件夹：" & vbCrLf & folder, vbExclamation, TITLE
        Exit Function
    End If
    If Right(folder, 1) <> Application.PathSeparator Then folder = folder & Application.PathSeparator
    path = folder & StandardName()
    If path = ActiveWorkbook.FullName Then
        ActiveWorkbook.Save
    ElseIf Not MayWrite(path) Then
        Exit Function
    Else
        Application.DisplayAlerts = False
        ActiveWorkbook.SaveAs path
        Application.DisplayAlerts = True
    End If
    SaveInto = True
End Function

Private Function MayWrite(ByVal path As String) As Boolean
    MayWrite = True
    If Dir(path) <> "" Then
        MayWrite = MsgBox("已有同名文件，要覆盖吗？" & vbCrLf & path, vbYesNo + vbExclamation + vbDefaultButton2, TITLE) = vbYes
    End If
End Function

' 清空没有锁定、又不是文字格式的单元格：就是各表的填报项和零报告。返回清了几个单元格。
Public Function ClearEntries() As Long
    Dim sheet As Worksheet, cell As Range
    For Each sheet In ActiveWorkbook.Worksheets
        If sheet.Visible = xlSheetVisible Then
            For Each cell In sheet.UsedRange.Cells
                If IsEntry(cell) Then
                    cell.MergeArea.ClearContents
                    ClearEntries = ClearEntries + 1
                End If
            Next cell
        End If
    Next sheet
    LastLine = 0
End Function

Private Function IsEntry(ByVal cell As Range) As Boolean
    IsEntry = False
    If cell.Formula = "" Then Exit Function
    If cell.Locked Then Exit Function
    IsEntry = cell.NumberFormat <> "@"
End Function

Private Function Place(ByVal called As String) As Range
    Set Place = ActiveWorkbook.Names(called).RefersToRange
End Function

' 当前工作簿是不是带这三个名称的报送表。
Private Function IsReturn() As Boolean
    Dim entry As Name, found As Long
    For Each entry In ActiveWorkbook.Names
        If entry.Name = LINES Or entry.Name = TARGETS Or entry.Name = FILE_NAME Then found = found + 1
    Next entry
    IsReturn = (found = 3)
    If Not IsReturn Then MsgBox "当前打开的不是报送表，或者是旧版本的报送表。请先打开收到的报送表。", vbExclamation, TITLE
End Function
