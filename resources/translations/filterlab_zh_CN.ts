<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>FilterLab</name>
    <message>
        <source> of {count}</source>
        <translation>，共 {count}</translation>
    </message>
    <message>
        <source>"converged", or a function that is called with each step</source>
        <translation>"converged"，或一个对每一步调用的函数</translation>
    </message>
    <message>
        <source>"dtype" is "float32" or "float64"</source>
        <translation>"dtype" 是 "float32" 或 "float64"</translation>
    </message>
    <message>
        <source>"nodes" is not a list</source>
        <translation>"nodes" 不是列表</translation>
    </message>
    <message>
        <source>"values" are nested lists of numbers</source>
        <translation>"values" 是嵌套的数字列表</translation>
    </message>
    <message>
        <source>&amp;Close picture</source>
        <translation>关闭图片(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Columns and rows</source>
        <translation>列与行(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Design a response…</source>
        <translation>设计频率响应(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Edit cells</source>
        <translation>编辑格子(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Example pipelines…</source>
        <translation>示例流水线(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Find layers…</source>
        <translation>查找层(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;First row</source>
        <translation>首行(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Identity</source>
        <translation>恒等核(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Kernel</source>
        <translation>核(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Last row</source>
        <translation>末行(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Lessons</source>
        <translation>课程(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Negate</source>
        <translation>取相反数(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;New pipeline</source>
        <translation>新建流水线(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Paste kernel</source>
        <translation>粘贴核(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Rotate by 90°</source>
        <translation>旋转 90°(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Save pipeline</source>
        <translation>保存流水线(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Transpose</source>
        <translation>转置(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Zero sum</source>
        <translation>零和(&amp;Z)</translation>
    </message>
    <message>
        <source>(C * h * w,) as (C, h, w), the inverse of Flatten; maps stay as they are.</source>
        <translation>把 (C * h * w,) 变为 (C, h, w)，即展平的逆运算；特征图保持不变。</translation>
    </message>
    <message>
        <source>(C * h * w,) as (C, h, w), the inverse of Flatten; maps stay as they are.

Networks need it where a vector weighs the channels of a map.</source>
        <translation>把 (C * h * w,) 变为 (C, h, w)，即展平的逆运算；特征图保持不变。

当网络用一个向量给特征图的各通道加权时需要它。</translation>
    </message>
    <message>
        <source>(C * r * r, H, W) as (C, H * r, W * r): r * r channels become a block of cells; Shi et al. 2016.</source>
        <translation>(C * r * r, H, W) 变为 (C, H * r, W * r)：r * r 个通道组成一块格子；Shi 等 2016。</translation>
    </message>
    <message>
        <source>(C, H * r, W * r) as (C * r * r, H, W): each block of r * r cells becomes as many channels.</source>
        <translation>(C, H * r, W * r) 变为 (C * r * r, H, W)：每块 r * r 个格子变成同样多的通道。</translation>
    </message>
    <message>
        <source>(C, H, W) as (C * H * W,): channel after channel, row after row; a vector stays as it is.</source>
        <translation>(C, H, W) 变为 (C * H * W,)：逐通道、逐行排列；向量保持不变。</translation>
    </message>
    <message>
        <source>(C, H, W) as (C * H * W,): channel after channel, row after row; a vector stays as it is.

Another order is that of networks that keep their maps as (H, W, C).</source>
        <translation>把 (C, H, W) 变为 (C * H * W,)：逐通道、逐行排列；向量保持不变。

其他次序适用于以 (H, W, C) 保存特征图的网络。</translation>
    </message>
    <message>
        <source>(C, H, W) as (C * kh * kw, H', W'): each tap of the window becomes a channel, as torch.nn.Unfold.</source>
        <translation>把 (C, H, W) 变为 (C * kh * kw, H', W')：窗口的每个位置成为一个通道，同 torch.nn.Unfold。</translation>
    </message>
    <message>
        <source>(batch {made} of {total})</source>
        <translation>（第 {made} 批，共 {total} 批）</translation>
    </message>
    <message>
        <source>(sum of x^norm_type over each window)^(1 / norm_type), as torch.nn.LPPool2d.</source>
        <translation>(每个窗口内 x^norm_type 之和)^(1 / norm_type)，同 torch.nn.LPPool2d。</translation>
    </message>
    <message>
        <source>(x - mean) / standard deviation of each map, times weight, plus bias; Ulyanov et al. 2016.</source>
        <translation>每张特征图减去均值，除以标准差，乘权重，加偏置；Ulyanov 等 2016。</translation>
    </message>
    <message>
        <source>(x - mean) / std with the numbers of each channel: how a trained network expects its picture.</source>
        <translation>(x - mean) / std，每个通道用自己的数：训练好的网络对图片的要求。</translation>
    </message>
    <message>
        <source>(x1 + x2 + ... + xn) / n.</source>
        <translation>(x1 + x2 + ... + xn) / n。</translation>
    </message>
    <message>
        <source>**Not yet:** {reason}.</source>
        <translation>**还不对：**{reason}。</translation>
    </message>
    <message>
        <source>**Right:** {answer}</source>
        <translation>**正确：** {answer}</translation>
    </message>
    <message>
        <source>**Solved:** the pipeline passes all checks.</source>
        <translation>**完成：**流水线通过了所有检查。</translation>
    </message>
    <message>
        <source>+ Layer</source>
        <translation>+ 层</translation>
    </message>
    <message>
        <source>+ bias {bias}</source>
        <translation>+ 偏置 {bias}</translation>
    </message>
    <message>
        <source>, or left out</source>
        <translation>，或不给出</translation>
    </message>
    <message>
        <source>.npz file…</source>
        <translation>.npz 文件…</translation>
    </message>
    <message>
        <source>1 / (1 + exp(-x)).</source>
        <translation>1 / (1 + exp(-x))。</translation>
    </message>
    <message>
        <source>1 cell of padding</source>
        <translation>1 格填充</translation>
    </message>
    <message>
        <source>1 in the centre, 0 around it: the picture unchanged</source>
        <translation>中间为 1，周围为 0：图片保持原样</translation>
    </message>
    <message>
        <source>1 layer cannot be computed</source>
        <translation>1 个层无法计算</translation>
    </message>
    <message>
        <source>1 multiply-add</source>
        <translation>1 次乘加</translation>
    </message>
    <message>
        <source>1 name</source>
        <translation>1 个名称</translation>
    </message>
    <message>
        <source>1 on edges one cell wide, else 0: smoothing, Sobel's gradient, thinning, and two thresholds; Canny 1986.</source>
        <translation>宽度为一个单元的边缘处为 1，否则为 0：平滑、Sobel 梯度、细化和双阈值；Canny 1986。</translation>
    </message>
    <message>
        <source>1 other</source>
        <translation>其他 1 项</translation>
    </message>
    <message>
        <source>1 parameter</source>
        <translation>1 个参数</translation>
    </message>
    <message>
        <source>1 product</source>
        <translation>1 个乘积</translation>
    </message>
    <message>
        <source>1 term</source>
        <translation>1 项</translation>
    </message>
    <message>
        <source>1 where x is above the mean of its window minus an offset, else 0: uneven light does not matter.</source>
        <translation>x 大于其窗口均值减去偏移量处为 1，否则为 0：光照不均没有影响。</translation>
    </message>
    <message>
        <source>1 where x is above the threshold that splits the values of its map best into two groups, else 0; Otsu 1979.</source>
        <translation>x 大于把所在特征图的数值最好地分成两组的阈值处为 1，否则为 0；Otsu 1979。</translation>
    </message>
    <message>
        <source>1 where x is above the threshold, else 0.</source>
        <translation>x 大于阈值处为 1，否则为 0。</translation>
    </message>
    <message>
        <source>1 {0} of the padding is skipped</source>
        <translation>1 {0}填充没有窗口覆盖</translation>
    </message>
    <message>
        <source>1 × 1 convolutions that mix channels</source>
        <translation>混合通道的 1 × 1 卷积</translation>
    </message>
    <message>
        <source>1.0507 * (x where x &gt; 0, else 1.6733 * (exp(x) - 1)), with more digits; Klambauer et al. 2017.</source>
        <translation>1.0507 * (x &gt; 0 时为 x，否则 1.6733 * (exp(x) - 1))，位数更多；Klambauer 等 2017。</translation>
    </message>
    <message>
        <source>; the smallest preview shows single pixels, and nothing of what lies between them</source>
        <translation>；最小的预览只显示单个像素，不含它们之间的内容</translation>
    </message>
    <message>
        <source>; {0} multiply-adds instead of {1}</source>
        <translation>；乘加运算 {0} 次，原为 {1} 次</translation>
    </message>
    <message>
        <source>A .npz file</source>
        <translation>一个 .npz 文件</translation>
    </message>
    <message>
        <source>A Gaussian blur, and the detail it removed added back</source>
        <translation>高斯模糊，再把它去掉的细节加回来</translation>
    </message>
    <message>
        <source>A and B</source>
        <translation>A 和 B</translation>
    </message>
    <message>
        <source>A and B in turns at the same place; Space changes them by hand</source>
        <translation>A 和 B 在同一处轮流显示；用空格手动切换</translation>
    </message>
    <message>
        <source>A bin counts up to this many times the mean: the larger, the more contrast.</source>
        <translation>每个区间的计数不超过平均值的这么多倍：越大，对比度越强。</translation>
    </message>
    <message>
        <source>A click on a kernel shows it in the kernel editor, a double click opens it large.</source>
        <translation>单击卷积核可在卷积核编辑器中显示它，双击可放大打开。</translation>
    </message>
    <message>
        <source>A column for each layer, with its channels one below the other</source>
        <translation>每层一列，通道上下排列</translation>
    </message>
    <message>
        <source>A deep network, untrained: takes a while</source>
        <translation>一个深层网络，未经训练：需要一些时间</translation>
    </message>
    <message>
        <source>A folder with one folder of pictures for each class</source>
        <translation>一个文件夹，其中每个类别有一个图片文件夹</translation>
    </message>
    <message>
        <source>A function of each value by itself: square root, exponential, logarithm, rounding ...</source>
        <translation>对每个值单独应用的函数：平方根、指数、对数、取整等。</translation>
    </message>
    <message>
        <source>A has {a} values and B has {b}: there are no cells in common, and nothing is resized. Below are the statistics of each.</source>
        <translation>A 有 {a} 个值，B 有 {b} 个：没有共同的单元格，也不做任何缩放。下面是各自的统计量。</translation>
    </message>
    <message>
        <source>A is {map}; choose another map to compare with it</source>
        <translation>A 是 {map}；请选择另一张特征图与之比较</translation>
    </message>
    <message>
        <source>A kernel that passes a band of frequencies, or removes one</source>
        <translation>让一段频率通过、或去除某一频率的卷积核</translation>
    </message>
    <message>
        <source>A kernel to learn</source>
        <translation>待学习的核</translation>
    </message>
    <message>
        <source>A layer that is switched off passes its input through unchanged</source>
        <translation>关闭的层把输入原样传给下一层</translation>
    </message>
    <message>
        <source>A map of {node} was copied</source>
        <translation>已复制 {node} 的一张特征图</translation>
    </message>
    <message>
        <source>A mark lies on frequency 0, and changes the mean of the map.</source>
        <translation>有一个标记位于频率 0 处，会改变特征图的均值。</translation>
    </message>
    <message>
        <source>A minus B, in colours about zero</source>
        <translation>A 减 B，以零为中心着色</translation>
    </message>
    <message>
        <source>A narrow Gaussian minus a wide one: passes a band of frequencies, responds to blobs. Sums to 0.</source>
        <translation>窄高斯减宽高斯：让一段频率通过，对斑点有响应。和为 0。</translation>
    </message>
    <message>
        <source>A notch was put on a peak and its mirror.</source>
        <translation>已在一个峰及其镜像上放置陷波。</translation>
    </message>
    <message>
        <source>A number added to each output channel.</source>
        <translation>加到每个输出通道上的数。</translation>
    </message>
    <message>
        <source>A number added to each output.</source>
        <translation>加到每个输出上的数。</translation>
    </message>
    <message>
        <source>A number added to every output.</source>
        <translation>加到每个输出值上的数。</translation>
    </message>
    <message>
        <source>A part of the map: what remains when margin is cut off, or the centre of the given size.</source>
        <translation>图的一部分：裁去边距后剩下的，或给定大小的中间部分。</translation>
    </message>
    <message>
        <source>A picture in bands of detail, and put together again</source>
        <translation>把图片分解为各个尺度的细节，再重新合成</translation>
    </message>
    <message>
        <source>A recovery file cannot be read; it is kept as {path}</source>
        <translation>一个恢复文件无法读取；已保留为 {path}</translation>
    </message>
    <message>
        <source>A small classic network, untrained</source>
        <translation>一个小型经典网络，未经训练</translation>
    </message>
    <message>
        <source>A spectrum needs the whole map, which is larger than memory. Crop the picture before.</source>
        <translation>频谱需要整张特征图，而它大于内存。请先裁剪图片。</translation>
    </message>
    <message>
        <source>A starting point for learning.</source>
        <translation>学习的一个起点。</translation>
    </message>
    <message>
        <source>A to the left of a handle, B to the right of it</source>
        <translation>滑柄左边是 A，右边是 B</translation>
    </message>
    <message>
        <source>A wave under a Gaussian envelope: it responds to stripes of one direction and one width.</source>
        <translation>高斯包络下的正弦波：对某一方向、某一宽度的条纹有响应。</translation>
    </message>
    <message>
        <source>A − B: {a} minus {b}</source>
        <translation>A − B：{a} 减 {b}</translation>
    </message>
    <message>
        <source>About FilterLab</source>
        <translation>关于 FilterLab</translation>
    </message>
    <message>
        <source>About the restoration</source>
        <translation>关于这次复原</translation>
    </message>
    <message>
        <source>About this file</source>
        <translation>关于此文件</translation>
    </message>
    <message>
        <source>Absolute value</source>
        <translation>绝对值</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>图片一像素对应屏幕一像素</translation>
    </message>
    <message>
        <source>Adam</source>
        <translation>Adam</translation>
    </message>
    <message>
        <source>Adam with the decay taken from the weights themselves</source>
        <translation>Adam，衰减直接作用于权重</translation>
    </message>
    <message>
        <source>AdamW</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>Adaptive average pooling</source>
        <translation>自适应平均汇聚</translation>
    </message>
    <message>
        <source>Adaptive equalisation (CLAHE)</source>
        <translation>自适应均衡化（CLAHE）</translation>
    </message>
    <message>
        <source>Adaptive max pooling</source>
        <translation>自适应最大汇聚</translation>
    </message>
    <message>
        <source>Adaptive threshold</source>
        <translation>自适应阈值</translation>
    </message>
    <message>
        <source>Adapts the learning rate of each weight; Kingma and Ba 2015</source>
        <translation>每个权重有自己的学习率；Kingma 和 Ba 2015</translation>
    </message>
    <message>
        <source>Add Wiener’s restoration as a filter, for other pictures and batches</source>
        <translation>把维纳复原添加为滤波器，可用于其他图片和批处理</translation>
    </message>
    <message>
        <source>Add a &amp;bank of kernels…</source>
        <translation>添加一组卷积核(&amp;B)…</translation>
    </message>
    <message>
        <source>Add a Filter with the kernel that has blurred the picture, or learn it.</source>
        <translation>请添加一个滤波器层，其卷积核即造成图片模糊的核；或学习该卷积核。</translation>
    </message>
    <message>
        <source>Add a bank of kernels</source>
        <translation>添加一组卷积核</translation>
    </message>
    <message>
        <source>Add a contact sheet of all maps</source>
        <translation>附上所有特征图的总览图</translation>
    </message>
    <message>
        <source>Add a layer after {node}</source>
        <translation>在 {node} 之后添加层</translation>
    </message>
    <message>
        <source>Add another layer that reads the selected one, beside its present readers</source>
        <translation>再让一个层读取选中的层，与已有的并列</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add layer…</source>
        <translation>添加层…</translation>
    </message>
    <message>
        <source>Add smaller sizes (a pyramid)</source>
        <translation>附加较小尺寸（金字塔）</translation>
    </message>
    <message>
        <source>Add {title}</source>
        <translation>添加{title}</translation>
    </message>
    <message>
        <source>Added to the sum of squares.</source>
        <translation>加到平方和上。</translation>
    </message>
    <message>
        <source>Added to the variance, so that constant maps do not cause a division by 0.</source>
        <translation>加到方差上，使平坦的图不会除以 0。</translation>
    </message>
    <message>
        <source>Added to what is divided by</source>
        <translation>加到除数上的数</translation>
    </message>
    <message>
        <source>Adds a layer with these notches and bands after the selected one</source>
        <translation>在选中的层之后添加一个带有这些陷波和频带的层</translation>
    </message>
    <message>
        <source>Adds the difference from a blurred copy. Sums to 1.</source>
        <translation>加上与模糊副本的差。和为 1。</translation>
    </message>
    <message>
        <source>Adds up to the value less the constants, for layers that are straight between kinks. A black pixel counts as nothing, whatever it means.</source>
        <translation>对分段线性的层，其总和等于该值减去各常数。黑色像素无论含义如何都算作零。</translation>
    </message>
    <message>
        <source>Adds, subtracts, multiplies by, divides by, raises to or compares with a number, a vector or a map.</source>
        <translation>与一个数、一个向量或一幅特征图相加、相减、相乘、相除、求幂或比较大小。</translation>
    </message>
    <message>
        <source>Affine transform</source>
        <translation>仿射变换</translation>
    </message>
    <message>
        <source>After the mask</source>
        <translation>掩模之后</translation>
    </message>
    <message>
        <source>All channels together</source>
        <translation>所有通道一起</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>All files that can be opened</source>
        <translation>所有可打开的文件</translation>
    </message>
    <message>
        <source>All kernels of the layer as pictures, with their norms and the histogram of the weights</source>
        <translation>以图像显示该层的所有卷积核，并给出范数和权重直方图</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有层</translation>
    </message>
    <message>
        <source>All layers at a glance, in small tiles</source>
        <translation>以小图块总览所有层</translation>
    </message>
    <message>
        <source>All layers in a table that sorts by its columns</source>
        <translation>以可按列排序的表格列出所有层</translation>
    </message>
    <message>
        <source>All layers on the wall</source>
        <translation>特征图墙上的所有层</translation>
    </message>
    <message>
        <source>All layers share one range of colours</source>
        <translation>所有层共用一个颜色范围</translation>
    </message>
    <message>
        <source>All layers together</source>
        <translation>所有层一起</translation>
    </message>
    <message>
        <source>All maps of a layer share one range of colours</source>
        <translation>一层的所有图共用一个颜色范围</translation>
    </message>
    <message>
        <source>All maps of {node}</source>
        <translation>{node} 的所有特征图</translation>
    </message>
    <message>
        <source>All maps that the layer reads, and the one it makes</source>
        <translation>该层读取的所有图，以及它自己的图</translation>
    </message>
    <message>
        <source>All of {name} is carried: {layers} layers for {size}</source>
        <translation>{name} 的全部内容均已载入：{layers} 层，适用于 {size}</translation>
    </message>
    <message>
        <source>All weights are zero; a chain of layers cannot learn from such a start</source>
        <translation>全部为零；多层串联时无法从零开始学习</translation>
    </message>
    <message>
        <source>Allowed: {values}</source>
        <translation>可取值：{values}</translation>
    </message>
    <message>
        <source>Along the row: Level, Edge, Spot, Wave or Ripple, and the number of cells.</source>
        <translation>沿行：Level、Edge、Spot、Wave 或 Ripple，以及格数。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>α</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>Angle by which columns lean to the side, in degrees.</source>
        <translation>各列向侧面倾斜的角度，单位为度。</translation>
    </message>
    <message>
        <source>Angles</source>
        <translation>角度数</translation>
    </message>
    <message>
        <source>Another picture</source>
        <translation>另一张图片</translation>
    </message>
    <message>
        <source>Another picture…</source>
        <translation>另一张图片…</translation>
    </message>
    <message>
        <source>Another pipeline</source>
        <translation>另一条流水线</translation>
    </message>
    <message>
        <source>Antialias</source>
        <translation>抗锯齿</translation>
    </message>
    <message>
        <source>Anticlockwise, in degrees.</source>
        <translation>逆时针，单位为度。</translation>
    </message>
    <message>
        <source>Apply two Sobel kernels to the picture and merge the results</source>
        <translation>用两个 Sobel 核滤波并合并</translation>
    </message>
    <message>
        <source>Approximate</source>
        <translation>近似方式</translation>
    </message>
    <message>
        <source>Arithmetic with a constant</source>
        <translation>与常数的运算</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>As a PNG as it is shown, or as numbers in a TIFF or NumPy file</source>
        <translation>按所显示的样子存为 PNG，或把数值存入 TIFF 或 NumPy 文件</translation>
    </message>
    <message>
        <source>As a layer</source>
        <translation>作为层</translation>
    </message>
    <message>
        <source>Astronaut</source>
        <translation>宇航员</translation>
    </message>
    <message>
        <source>At row {row}, column {col}: {first} minus {second} is {difference}.</source>
        <translation>行 {row}、列 {col}：{first} 减 {second} 等于 {difference}。</translation>
    </message>
    <message>
        <source>Automatic ranges</source>
        <translation>自动范围</translation>
    </message>
    <message>
        <source>Average pooling</source>
        <translation>平均汇聚</translation>
    </message>
    <message>
        <source>Axis</source>
        <translation>轴</translation>
    </message>
    <message>
        <source>Axis along which the outputs belong together: 0 the channels or features.</source>
        <translation>输出沿哪个轴归为一组：0 为通道或特征。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Back to learning</source>
        <translation>返回学习</translation>
    </message>
    <message>
        <source>Back to the default: {value}</source>
        <translation>恢复默认值：{value}</translation>
    </message>
    <message>
        <source>Back to the list, and to the work that was open before</source>
        <translation>回到列表，以及之前打开的工作</translation>
    </message>
    <message>
        <source>Back to the maps</source>
        <translation>返回特征图</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>频带</translation>
    </message>
    <message>
        <source>Band filter</source>
        <translation>频带滤波器</translation>
    </message>
    <message>
        <source>Band from {low} to {high}, × {gain}</source>
        <translation>频带 {low} 到 {high}，× {gain}</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>频带</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批量</translation>
    </message>
    <message>
        <source>Batch normalisation</source>
        <translation>批量规范化</translation>
    </message>
    <message>
        <source>Before the mask</source>
        <translation>掩模之前</translation>
    </message>
    <message>
        <source>Beside the restored picture</source>
        <translation>与复原图片对照的内容</translation>
    </message>
    <message>
        <source>Beta</source>
        <translation>β</translation>
    </message>
    <message>
        <source>Between cells: the mean of the four around, weighted, or the nearest.</source>
        <translation>落在单元之间时：周围四个单元的加权平均，或最近的一个。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Bilateral filter</source>
        <translation>双边滤波</translation>
    </message>
    <message>
        <source>Binarise</source>
        <translation>二值化</translation>
    </message>
    <message>
        <source>Bins</source>
        <translation>区间数</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>黑白</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>闪烁</translation>
    </message>
    <message>
        <source>Blink by itself</source>
        <translation>自动闪烁</translation>
    </message>
    <message>
        <source>Blur and sharpen</source>
        <translation>模糊与锐化</translation>
    </message>
    <message>
        <source>Border</source>
        <translation>边界</translation>
    </message>
    <message>
        <source>Both pictures in place of the maps: swipe, blink, difference</source>
        <translation>在特征图的位置显示两张图片：滑动、闪烁、差</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>方框</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>分支</translation>
    </message>
    <message>
        <source>Branch from {node} into</source>
        <translation>从 {node} 分支到</translation>
    </message>
    <message>
        <source>Branch into {title}</source>
        <translation>分支到{title}</translation>
    </message>
    <message>
        <source>Branch…</source>
        <translation>分支…</translation>
    </message>
    <message>
        <source>Brick</source>
        <translation>砖墙</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Build the layers myself</source>
        <translation>自己搭建各层</translation>
    </message>
    <message>
        <source>By default half of the shorter side.</source>
        <translation>不给出时为短边的一半。</translation>
    </message>
    <message>
        <source>By default the shorter side.</source>
        <translation>不给出时为短边。</translation>
    </message>
    <message>
        <source>By keyboard: arrows and Enter.</source>
        <translation>键盘：方向键和回车。</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>清空(&amp;L)</translation>
    </message>
    <message>
        <source>CELU</source>
        <translation>CELU</translation>
    </message>
    <message>
        <source>CHW</source>
        <translation>CHW</translation>
    </message>
    <message>
        <source>CIELAB colours</source>
        <translation>CIELAB 颜色</translation>
    </message>
    <message>
        <source>CWH</source>
        <translation>CWH</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄影师</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Canny edges</source>
        <translation>Canny 边缘</translation>
    </message>
    <message>
        <source>Cascade of &amp;small kernels</source>
        <translation>小卷积核的级联(&amp;S)</translation>
    </message>
    <message>
        <source>Ceil mode</source>
        <translation>向上取整</translation>
    </message>
    <message>
        <source>Cells added around the input before the windows are laid.</source>
        <translation>放置窗口之前在输入周围添加的格子。</translation>
    </message>
    <message>
        <source>Cells added around the map, filled as the padding mode says; a negative number crops.</source>
        <translation>在图周围添加的格子，按填充模式填充；负数表示裁剪。</translation>
    </message>
    <message>
        <source>Cells added to each side; negative ones are cut off.</source>
        <translation>每一侧添加的格子；负数表示裁掉。</translation>
    </message>
    <message>
        <source>Cells cut off each side of the output.</source>
        <translation>从输出每一侧裁掉的格子。</translation>
    </message>
    <message>
        <source>Cells cut off each side.</source>
        <translation>从每一侧裁掉的格子。</translation>
    </message>
    <message>
        <source>Change both channels together</source>
        <translation>同时改变两个通道</translation>
    </message>
    <message>
        <source>Change the inputs of {node}</source>
        <translation>更改 {node} 的输入</translation>
    </message>
    <message>
        <source>Change the sign of every cell</source>
        <translation>所有符号取反</translation>
    </message>
    <message>
        <source>Change {parameter} of {node}</source>
        <translation>更改 {node} 的{parameter}</translation>
    </message>
    <message>
        <source>Change {parameter} of {preset} of {node}</source>
        <translation>更改 {node} 中 {preset} 的{parameter}</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Channel of A</source>
        <translation>A 的通道</translation>
    </message>
    <message>
        <source>Channel of B</source>
        <translation>B 的通道</translation>
    </message>
    <message>
        <source>Channel shuffle</source>
        <translation>通道重排</translation>
    </message>
    <message>
        <source>Channel slice</source>
        <translation>通道切片</translation>
    </message>
    <message>
        <source>Channel that is compared</source>
        <translation>要比较的通道</translation>
    </message>
    <message>
        <source>Channel {number}</source>
        <translation>通道 {number}</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Check my pipeline</source>
        <translation>检查我的流水线</translation>
    </message>
    <message>
        <source>Check with shuffled weights</source>
        <translation>用打乱的权重检验</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Chelsea</source>
        <translation>猫 Chelsea</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Choose a layer</source>
        <translation>选择层</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>选择图片</translation>
    </message>
    <message>
        <source>Choose a pipeline</source>
        <translation>选择流水线</translation>
    </message>
    <message>
        <source>Choose a step to go back to it.</source>
        <translation>选择一条，即可恢复到那时的状态。</translation>
    </message>
    <message>
        <source>Choose a target and press Start. The pipeline changes when you keep a step.</source>
        <translation>选择目标并按“开始”。保留某一步时流水线才会改变。</translation>
    </message>
    <message>
        <source>Choose an earlier or later state of the pipeline, and see which of its maps are others now</source>
        <translation>选择流水线较早或较晚的状态，查看现在哪些特征图不同</translation>
    </message>
    <message>
        <source>Choose inputs…</source>
        <translation>选择输入…</translation>
    </message>
    <message>
        <source>Choose labelled pictures</source>
        <translation>选择带标签的图片</translation>
    </message>
    <message>
        <source>Choose one of them.</source>
        <translation>请选择一项。</translation>
    </message>
    <message>
        <source>Choose the blurred picture and the kernel that has blurred it, and press “Undo the blur”.</source>
        <translation>选择模糊的图片和把它模糊的卷积核，然后按“去除模糊”。</translation>
    </message>
    <message>
        <source>Chooses its own step size: for few weights and whole pictures</source>
        <translation>自行确定步长；适合参数少、使用整张图片的情形</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Chosen maps</source>
        <translation>所选的特征图</translation>
    </message>
    <message>
        <source>Clamp</source>
        <translation>截断</translation>
    </message>
    <message>
        <source>Class activation map</source>
        <translation>类激活图</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Clear all messages</source>
        <translation>清除所有消息</translation>
    </message>
    <message>
        <source>Clear the spectrum of {node}</source>
        <translation>清空 {node} 频谱上的标记</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>清空此列表</translation>
    </message>
    <message>
        <source>Click a number or a map to go one layer down.</source>
        <translation>单击数字或特征图可追溯到前一层（更靠近输入）。</translation>
    </message>
    <message>
        <source>Click a peak to put a notch on it and its mirror, or let “Find peaks” do it.</source>
        <translation>点击一个峰，在它及其镜像上放置陷波，或使用“寻找峰”。</translation>
    </message>
    <message>
        <source>Click a value in any map to see the kernel that the network is there.</source>
        <translation>点击任一特征图中的值，查看网络在那里相当于怎样的核。</translation>
    </message>
    <message>
        <source>Click a value in any map to see where it comes from.</source>
        <translation>单击任意一张特征图中的值，查看它从哪里来。</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>对比度限制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close (Shift+F1)</source>
        <translation>关闭 (Shift+F1)</translation>
    </message>
    <message>
        <source>Close picture</source>
        <translation>关闭图片</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
    <message>
        <source>Close this page and start with an empty pipeline</source>
        <translation>关闭此页，从空流水线开始</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>闭运算</translation>
    </message>
    <message>
        <source>Coffee</source>
        <translation>咖啡</translation>
    </message>
    <message>
        <source>Coins</source>
        <translation>硬币</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>颜色映射</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colours as on the wall: {colormap}, one range for {scope}, {bits} bits.</source>
        <translation>颜色与特征图墙相同：{colormap}，范围：{scope}，{bits} 位。</translation>
    </message>
    <message>
        <source>Colours by the extremes</source>
        <translation>按极值着色</translation>
    </message>
    <message>
        <source>Colours: those of the theme</source>
        <translation>颜色：随主题</translation>
    </message>
    <message>
        <source>Colours: {name} ({kind})</source>
        <translation>颜色：{name}（{kind}）</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Columns and rows of a low rank, or a cascade of small kernels, in place of a large kernel</source>
        <translation>用低秩的列与行，或用小卷积核的级联，代替一个大卷积核</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>命令面板…</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Common range</source>
        <translation>统一的显示范围</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Compare operations and padding modes…</source>
        <translation>比较运算方式与填充模式…</translation>
    </message>
    <message>
        <source>Compare the selected map with A: swipe, blink, difference</source>
        <translation>将选中的特征图与 A 比较：滑动、闪烁、差</translation>
    </message>
    <message>
        <source>Compare variants of a layer</source>
        <translation>比较层的变体</translation>
    </message>
    <message>
        <source>Compare with A</source>
        <translation>与 A 比较</translation>
    </message>
    <message>
        <source>Compare with a step of the history</source>
        <translation>与历史中的某一步比较</translation>
    </message>
    <message>
        <source>Compare with a step of the history…</source>
        <translation>与历史中的某一步比较…</translation>
    </message>
    <message>
        <source>Compare with another pipeline</source>
        <translation>与另一条流水线比较</translation>
    </message>
    <message>
        <source>Compare with another pipeline…</source>
        <translation>与另一条流水线比较…</translation>
    </message>
    <message>
        <source>Compare with least squares</source>
        <translation>与最小二乘比较</translation>
    </message>
    <message>
        <source>Compare with the saved file</source>
        <translation>与已保存的文件比较</translation>
    </message>
    <message>
        <source>Compare with the step before</source>
        <translation>与上一步比较</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Compared node</source>
        <translation>与目标比较的节点</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>与之比较</translation>
    </message>
    <message>
        <source>Comparing {a} with {b}…</source>
        <translation>正在比较 {a} 与 {b}…</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Comparison of two maps</source>
        <translation>两张特征图的比较</translation>
    </message>
    <message>
        <source>Compress what is done in tiles</source>
        <translation>压缩分块处理的结果</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Compute again</source>
        <translation>重新计算</translation>
    </message>
    <message>
        <source>Compute the maps that are not up to date</source>
        <translation>计算尚未更新的特征图</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>Computing… {done} of {all}</source>
        <translation>正在计算… {done} / {all}</translation>
    </message>
    <message>
        <source>Concatenation</source>
        <translation>拼接</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Confusion matrix of the validation pictures; rows: true class, columns: predicted class</source>
        <translation>验证图片的混淆矩阵；行：真实类别，列：预测类别</translation>
    </message>
    <message>
        <source>Constraints</source>
        <translation>约束</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Continue from the present weights of the nodes</source>
        <translation>从节点当前的权重继续</translation>
    </message>
    <message>
        <source>Continue learning</source>
        <translation>继续学习</translation>
    </message>
    <message>
        <source>Convert the target to grey</source>
        <translation>把目标转为灰度</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积层</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>坐标</translation>
    </message>
    <message>
        <source>Copied the command for {file}</source>
        <translation>已复制 {file} 的命令</translation>
    </message>
    <message>
        <source>Copied {line}</source>
        <translation>已复制 {line}</translation>
    </message>
    <message>
        <source>Copied {name}</source>
        <translation>已复制 {name}</translation>
    </message>
    <message>
        <source>Copied {n} commands</source>
        <translation>已复制 {n} 条命令</translation>
    </message>
    <message>
        <source>Copied {n} lines of PyTorch</source>
        <translation>已复制 {n} 行 PyTorch 代码</translation>
    </message>
    <message>
        <source>Copied {n} lines of Python</source>
        <translation>已复制 {n} 行 Python</translation>
    </message>
    <message>
        <source>Copied {n} steps as Python</source>
        <translation>已把 {n} 个步骤复制为 Python</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy PyTorch source of this pipeline, which reads its weights from a file</source>
        <translation>复制此流水线的 PyTorch 源代码，其权重从文件读取</translation>
    </message>
    <message>
        <source>Copy Python source that builds a pipeline of this layer alone</source>
        <translation>复制只含这一层的流水线的 Python 源码</translation>
    </message>
    <message>
        <source>Copy Python source that builds this pipeline</source>
        <translation>复制构建此流水线的 Python 源码</translation>
    </message>
    <message>
        <source>Copy Python source that repeats the steps of the history one after the other</source>
        <translation>复制 Python 源代码，依次重做历史中的各个步骤</translation>
    </message>
    <message>
        <source>Copy Python source that restores the picture in the same way</source>
        <translation>复制以同样方式复原图片的 Python 源代码</translation>
    </message>
    <message>
        <source>Copy an ONNX file of this layer alone, to paste into a folder</source>
        <translation>复制只含这一层的 ONNX 文件，可粘贴到文件夹里</translation>
    </message>
    <message>
        <source>Copy an ONNX file of this pipeline, to paste into a folder</source>
        <translation>复制这个流水线的 ONNX 文件，可粘贴到文件夹里</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制为</translation>
    </message>
    <message>
        <source>Copy as &amp;CSV</source>
        <translation>复制为 CSV(&amp;C)</translation>
    </message>
    <message>
        <source>Copy as &amp;MATLAB matrix</source>
        <translation>复制为 MATLAB 矩阵(&amp;M)</translation>
    </message>
    <message>
        <source>Copy as &amp;NumPy array</source>
        <translation>复制为 NumPy 数组(&amp;N)</translation>
    </message>
    <message>
        <source>Copy as &amp;Python lists</source>
        <translation>复制为 Python 列表(&amp;P)</translation>
    </message>
    <message>
        <source>Copy as &amp;text</source>
        <translation>复制为文本(&amp;T)</translation>
    </message>
    <message>
        <source>Copy as ONNX file</source>
        <translation>复制为 ONNX 文件</translation>
    </message>
    <message>
        <source>Copy as PyTorch</source>
        <translation>复制为 PyTorch</translation>
    </message>
    <message>
        <source>Copy as Python</source>
        <translation>复制为 Python</translation>
    </message>
    <message>
        <source>Copy as command line</source>
        <translation>复制为命令行</translation>
    </message>
    <message>
        <source>Copy as picture</source>
        <translation>复制为图片</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详细信息</translation>
    </message>
    <message>
        <source>Copy for a &amp;spreadsheet</source>
        <translation>复制到电子表格(&amp;S)</translation>
    </message>
    <message>
        <source>Copy layer as</source>
        <translation>复制层为</translation>
    </message>
    <message>
        <source>Copy layer as ONNX file</source>
        <translation>把层复制为 ONNX 文件</translation>
    </message>
    <message>
        <source>Copy layer as PyTorch</source>
        <translation>把层复制为 PyTorch</translation>
    </message>
    <message>
        <source>Copy layer as Python</source>
        <translation>把层复制为 Python</translation>
    </message>
    <message>
        <source>Copy layer as command line</source>
        <translation>把层复制为命令行</translation>
    </message>
    <message>
        <source>Copy the command of filterlab run that does the same</source>
        <translation>复制作用相同的 filterlab run 命令</translation>
    </message>
    <message>
        <source>Copy the command that restores the picture in the same way</source>
        <translation>复制以同样方式复原图片的命令</translation>
    </message>
    <message>
        <source>Copy the command that runs this pipeline over the picture</source>
        <translation>复制在该图片上运行此流水线的命令</translation>
    </message>
    <message>
        <source>Copy the command that writes the maps of this layer</source>
        <translation>复制写出这一层特征图的命令</translation>
    </message>
    <message>
        <source>Copy the commands that repeat learning, the maps and the pinned value</source>
        <translation>复制命令行，重做学习、特征图和固定的值</translation>
    </message>
    <message>
        <source>Copy the explanation</source>
        <translation>复制解释</translation>
    </message>
    <message>
        <source>Copy the explanation as picture</source>
        <translation>将解释复制为图片</translation>
    </message>
    <message>
        <source>Copy the history as Python</source>
        <translation>将历史复制为 Python</translation>
    </message>
    <message>
        <source>Copy the history as command line</source>
        <translation>将历史复制为命令行</translation>
    </message>
    <message>
        <source>Copy the kernel as text</source>
        <translation>把核复制为文本</translation>
    </message>
    <message>
        <source>Copy the line of PyTorch</source>
        <translation>复制这一行 PyTorch 代码</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>复制列表</translation>
    </message>
    <message>
        <source>Copy the pictures that failed, with their reasons, as text</source>
        <translation>以文本形式复制失败的图片及其原因</translation>
    </message>
    <message>
        <source>Copy the pipeline of this step, with your changes</source>
        <translation>复制这一步的流水线，包括您的改动</translation>
    </message>
    <message>
        <source>Copy the restoration as Python</source>
        <translation>复制为 Python（复原）</translation>
    </message>
    <message>
        <source>Copy the restoration as command line</source>
        <translation>复制为命令行（复原）</translation>
    </message>
    <message>
        <source>Copy the selected map as picture</source>
        <translation>把选中的图复制为图片</translation>
    </message>
    <message>
        <source>Copy the selected message with all its details as text</source>
        <translation>把选中的消息及全部细节复制为文本</translation>
    </message>
    <message>
        <source>Copy the terms as text, with all their digits</source>
        <translation>把各项复制为文本，保留全部位数</translation>
    </message>
    <message>
        <source>Copy the value and its regions as text</source>
        <translation>把值及其区域复制为文本</translation>
    </message>
    <message>
        <source>Copy the versions as text, for a bug report</source>
        <translation>把版本信息复制为文本，用于报告故障</translation>
    </message>
    <message>
        <source>Copy the wall as picture</source>
        <translation>把特征图墙复制为图片</translation>
    </message>
    <message>
        <source>Copy this map as picture</source>
        <translation>把此图复制为图片</translation>
    </message>
    <message>
        <source>Corner</source>
        <translation>角点</translation>
    </message>
    <message>
        <source>Count include pad</source>
        <translation>计入填充</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Crop the kernel to {height} × {width}</source>
        <translation>把卷积核裁剪到 {height} × {width}</translation>
    </message>
    <message>
        <source>Crop the target</source>
        <translation>裁剪目标</translation>
    </message>
    <message>
        <source>Cross-correlation applies the kernel as it is; convolution rotates it by 180 degrees first.</source>
        <translation>互相关直接放置核；卷积先把核旋转 180 度。</translation>
    </message>
    <message>
        <source>Cubic</source>
        <translation>三次插值常数</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Cutoff</source>
        <translation>截止频率</translation>
    </message>
    <message>
        <source>Dampening</source>
        <translation>阻尼</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>暗处</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Dask is not installed</source>
        <translation>未安装 Dask</translation>
    </message>
    <message>
        <source>Decays to a hundredth of the learning rate at the end</source>
        <translation>到最后降为学习率的百分之一</translation>
    </message>
    <message>
        <source>Denoiser</source>
        <translation>去噪网络</translation>
    </message>
    <message>
        <source>Denoiser, untrained</source>
        <translation>去噪网络，未经训练</translation>
    </message>
    <message>
        <source>Derivative of a Gaussian in any direction: a sum of a few fixed kernels, weighted by the angle.</source>
        <translation>高斯在任意方向的导数：几个固定核按角度加权之和。</translation>
    </message>
    <message>
        <source>Design a response</source>
        <translation>设计频率响应</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Details of the message</source>
        <translation>消息的详细信息</translation>
    </message>
    <message>
        <source>Diagonal</source>
        <translation>对角线</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>Difference along a diagonal, the smallest edge kernel.</source>
        <translation>沿对角线的差，最小的边缘核。</translation>
    </message>
    <message>
        <source>Difference of Gaussians</source>
        <translation>高斯差分</translation>
    </message>
    <message>
        <source>Difference of values, in all channels, at which a weight has fallen to 61 %.</source>
        <translation>权重降到 61 % 时的数值差（所有通道合计）。</translation>
    </message>
    <message>
        <source>Digit 2</source>
        <translation>数字 2</translation>
    </message>
    <message>
        <source>Digit 5</source>
        <translation>数字 5</translation>
    </message>
    <message>
        <source>Digit 8</source>
        <translation>数字 8</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>手写数字</translation>
    </message>
    <message>
        <source>Digits, untrained</source>
        <translation>手写数字，未经训练</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>扩张率（空洞率）</translation>
    </message>
    <message>
        <source>Dilation, then erosion: dark parts smaller than the window go, larger ones keep their size.</source>
        <translation>先膨胀后腐蚀：小于窗口的暗处消失，较大的保持大小。</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Direction across the stripes, clockwise from the row axis (rows run downwards).</source>
        <translation>垂直于条纹的方向，从水平方向起顺时针计（行向下增长）。</translation>
    </message>
    <message>
        <source>Direction across the stripes, counter-clockwise from the row axis.</source>
        <translation>垂直于条纹的方向，自行方向起逆时针。</translation>
    </message>
    <message>
        <source>Direction of the derivative, counter-clockwise from the row axis.</source>
        <translation>求导的方向，从水平方向逆时针计。</translation>
    </message>
    <message>
        <source>Direction of the line, counter-clockwise from the row axis.</source>
        <translation>线的方向，从水平方向逆时针计。</translation>
    </message>
    <message>
        <source>Direction of the profile</source>
        <translation>剖面线的方向</translation>
    </message>
    <message>
        <source>Direction, counter-clockwise from the row axis.</source>
        <translation>方向，从水平方向逆时针计。</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>放弃更改</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>圆盘</translation>
    </message>
    <message>
        <source>Distance between neighbouring cells of the kernel, in cells of the input.</source>
        <translation>核的相邻两个点之间的格数。</translation>
    </message>
    <message>
        <source>Distance from one window to the next, in cells; by default the kernel size.</source>
        <translation>相邻两个窗口之间的格数；不给出时为核大小。</translation>
    </message>
    <message>
        <source>Distance from one window to the next, in cells; the rows and columns between are skipped.</source>
        <translation>相邻两个窗口之间的格数；中间的行和列被跳过。</translation>
    </message>
    <message>
        <source>Distance from stripe to stripe, in cells; by default twice sigma, and at least 3.</source>
        <translation>条纹之间的格数；不给出时为 sigma 的两倍，至少 3。</translation>
    </message>
    <message>
        <source>Distance in cells at which a weight has fallen to 61 %.</source>
        <translation>权重降到 61 % 时的距离，单位为单元。</translation>
    </message>
    <message>
        <source>Distance moved down and to the right, in cells.</source>
        <translation>向下和向右移动的距离，单位为单元。</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation>分布</translation>
    </message>
    <message>
        <source>Divide by all cells of the window, padding included; otherwise by the cells of the map alone.</source>
        <translation>除以窗口的全部格数，包括填充；否则只除以真实的格数。</translation>
    </message>
    <message>
        <source>Divide the learning rate by ten after each third of the steps</source>
        <translation>每过三分之一的步数，学习率降为原来的十分之一</translation>
    </message>
    <message>
        <source>Divide, so that a ramp that rises by 1 per cell gives 1.</source>
        <translation>做除法，使每格增 1 的斜坡得 1。</translation>
    </message>
    <message>
        <source>Divisor</source>
        <translation>除数</translation>
    </message>
    <message>
        <source>Divisor of each channel, not 0.</source>
        <translation>除数，每个通道一个不为 0 的数。</translation>
    </message>
    <message>
        <source>Do anything</source>
        <translation>执行任意操作</translation>
    </message>
    <message>
        <source>Do anything…</source>
        <translation>输入命令…</translation>
    </message>
    <message>
        <source>Do what is missing</source>
        <translation>补做缺少的部分</translation>
    </message>
    <message>
        <source>Down the column: Level, Edge, Spot, Wave or Ripple, and the number of cells.</source>
        <translation>沿列：Level、Edge、Spot、Wave 或 Ripple，以及格数。</translation>
    </message>
    <message>
        <source>Drag an end, or click its number to type it; a double click makes it automatic again.</source>
        <translation>拖动一端，或单击其数字以输入；双击则恢复自动。</translation>
    </message>
    <message>
        <source>Drag the window over the map</source>
        <translation>在图上拖动窗口</translation>
    </message>
    <message>
        <source>Drop a picture here</source>
        <translation>把图片拖到这里</translation>
    </message>
    <message>
        <source>Drop pictures or folders here</source>
        <translation>将图片或文件夹拖放到此处</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>Dropout（暂退法）</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>复制层</translation>
    </message>
    <message>
        <source>Duplicate {node}</source>
        <translation>复制 {node}</translation>
    </message>
    <message>
        <source>E&amp;xplain</source>
        <translation>解释(&amp;X)</translation>
    </message>
    <message>
        <source>ELU</source>
        <translation>ELU</translation>
    </message>
    <message>
        <source>Each PNG states its range in a text chunk. Vectors are saved as tables (CSV).</source>
        <translation>每个 PNG 在其文本中保存值的范围。向量存为表格（CSV）。</translation>
    </message>
    <message>
        <source>Each channel</source>
        <translation>每个通道</translation>
    </message>
    <message>
        <source>Each channel is filtered on its own by the same 2-D kernel: kernel * x / divisor + offset.</source>
        <translation>每个通道分别用同一个二维核滤波：核 * x / 除数 + 偏移。</translation>
    </message>
    <message>
        <source>Each channel of colour pictures by itself</source>
        <translation>彩色图片的每个通道分别显示</translation>
    </message>
    <message>
        <source>Each lesson opens pictures and layers of its own. Your work comes back when you leave it.</source>
        <translation>每节课会打开自己的图片和层。离开课程时，你的工作会回来。</translation>
    </message>
    <message>
        <source>Each on its own scale</source>
        <translation>各用各的色阶</translation>
    </message>
    <message>
        <source>Each picture gets a folder of its own in this folder</source>
        <translation>每张图片在此文件夹中都有自己的文件夹</translation>
    </message>
    <message>
        <source>Each window's best line from a guide to the map, averaged: smooth where the guide is, sharp at its edges.</source>
        <translation>每个窗口从引导图到特征图的最佳直线的平均：引导图平滑处平滑，其边缘处清晰。</translation>
    </message>
    <message>
        <source>Each window's best line from a guide to the map, averaged: smooth where the guide is, sharp at its edges.

The guide is the second input, or the map itself; He, Sun and Tang 2010.</source>
        <translation>每个窗口从引导图到特征图的最佳直线的平均：引导图平滑处平滑，其边缘处清晰。

引导图为第二个输入，或特征图自身；He、Sun 与 Tang 2010。</translation>
    </message>
    <message>
        <source>Each with its odd partner, a quarter of a wave on.</source>
        <translation>每个核再配一个相差四分之一波长的奇对称核。</translation>
    </message>
    <message>
        <source>Edge</source>
        <translation>过渡宽度</translation>
    </message>
    <message>
        <source>Edges</source>
        <translation>边缘</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Edit the kernel in a large window</source>
        <translation>在大窗口中编辑卷积核</translation>
    </message>
    <message>
        <source>Editing a cell edits its mirror images too</source>
        <translation>编辑一格时也编辑它的镜像格</translation>
    </message>
    <message>
        <source>Effective field</source>
        <translation>有效感受野</translation>
    </message>
    <message>
        <source>Effective receptive field</source>
        <translation>有效感受野</translation>
    </message>
    <message>
        <source>Emboss</source>
        <translation>浮雕</translation>
    </message>
    <message>
        <source>End the run; its iterations can still be viewed and kept</source>
        <translation>结束运行；已有的迭代仍可查看和保留</translation>
    </message>
    <message>
        <source>End the run; its steps can still be viewed and kept</source>
        <translation>结束这次运行；各步仍可查看和保留</translation>
    </message>
    <message>
        <source>Enlar&amp;ge</source>
        <translation>放大(&amp;G)</translation>
    </message>
    <message>
        <source>Enlarge the output so that no corner is cut off.</source>
        <translation>扩大输出，使四角不被裁掉。</translation>
    </message>
    <message>
        <source>Enlarges the low frequencies; in cycles a pixel</source>
        <translation>放大低频部分；单位为周期/像素</translation>
    </message>
    <message>
        <source>Enter goes to the next, Shift+Enter to the one before, Esc gives up</source>
        <translation>回车到下一个，Shift+回车到上一个，Esc 结束查找</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Eps</source>
        <translation>Eps</translation>
    </message>
    <message>
        <source>Erosion</source>
        <translation>腐蚀</translation>
    </message>
    <message>
        <source>Erosion, then dilation: bright parts smaller than the window go, larger ones keep their size.</source>
        <translation>先腐蚀后膨胀：小于窗口的亮处消失，较大的保持大小。</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Error of the kernels</source>
        <translation>卷积核的误差</translation>
    </message>
    <message>
        <source>Evaluate the gradient ahead, by the momentum (Nesterov)</source>
        <translation>在按动量前移后的位置计算梯度（Nesterov）</translation>
    </message>
    <message>
        <source>Every input value adds a copy of the kernel to the output, stride cells apart; overlaps are summed.</source>
        <translation>每个输入值在输出中加上核的一份副本，彼此相隔 stride 格；重叠处相加。</translation>
    </message>
    <message>
        <source>Every input value adds a copy of the kernel to the output, stride cells apart; overlaps are summed.

The gradient of a convolution with respect to its input; as torch.nn.ConvTranspose2d.</source>
        <translation>每个输入值在输出中加上核的一份副本，彼此相隔 stride 格；重叠处相加。

即卷积对其输入的梯度；同 torch.nn.ConvTranspose2d。</translation>
    </message>
    <message>
        <source>Every kernel</source>
        <translation>每个卷积核</translation>
    </message>
    <message>
        <source>Every map has its own range of colours</source>
        <translation>每张特征图有自己的颜色范围</translation>
    </message>
    <message>
        <source>Every output channel is the sum of all input channels of its group, each filtered by its own kernel.</source>
        <translation>每个输出通道是其组内所有输入通道之和，每个通道用自己的核滤波。</translation>
    </message>
    <message>
        <source>Every output channel is the sum of all input channels of its group, each filtered by its own kernel.

y[o, i, j] = bias[o] + sum over c, u, v of weight[o, c, u, v] * x[c, i * stride + u * dilation - padding, ...]
(cross-correlation, as torch.nn.Conv2d).</source>
        <translation>每个输出通道是其组内所有输入通道之和，每个通道用自己的核滤波。

y[o, i, j] = bias[o] + 对 c, u, v 求和 weight[o, c, u, v] * x[c, i * stride + u * dilation - padding, ...]
（互相关，同 torch.nn.Conv2d）。</translation>
    </message>
    <message>
        <source>Every position by itself, by mean and variance of its channels; Ba et al. 2016, in ConvNeXt.</source>
        <translation>对每个位置单独按其各通道的均值和方差归一化；Ba 等 2016，用于 ConvNeXt。</translation>
    </message>
    <message>
        <source>Exact where the head is a mean of each map and a weighted sum: the map adds up to the score. Its cells are as coarse as the last map, and each of them sees far more than its own place.</source>
        <translation>若网络末端是各特征图的均值与加权和，则是精确的：图的总和等于得分。它的格子与最后的特征图一样粗，而每一格看到的远不止自己的位置。</translation>
    </message>
    <message>
        <source>Exact: on the way to this value the network is this kernel and these constants.</source>
        <translation>精确：在通往这个值的路上，网络就是这个核加上这些常数。</translation>
    </message>
    <message>
        <source>Example pipeline</source>
        <translation>示例流水线</translation>
    </message>
    <message>
        <source>Example pipelines</source>
        <translation>示例流水线</translation>
    </message>
    <message>
        <source>Exchange A and B</source>
        <translation>交换 A 和 B</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>扩大输出</translation>
    </message>
    <message>
        <source>Explain</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>Explanation of the value</source>
        <translation>值的解释</translation>
    </message>
    <message>
        <source>Exponent of the divisor.</source>
        <translation>除数的指数。</translation>
    </message>
    <message>
        <source>Export for other programs…</source>
        <translation>导出供其他程序使用…</translation>
    </message>
    <message>
        <source>Export pipeline</source>
        <translation>导出流水线</translation>
    </message>
    <message>
        <source>Export writes them with the weights that they read</source>
        <translation>“导出”会将其与所需的权重一并写出</translation>
    </message>
    <message>
        <source>Exported {name}</source>
        <translation>已导出 {name}</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Factor of each channel; 1 by default.</source>
        <translation>每个通道的系数；不给出时为 1。</translation>
    </message>
    <message>
        <source>Factor of height and width.</source>
        <translation>高和宽的倍数。</translation>
    </message>
    <message>
        <source>Factor of the sum of squares.</source>
        <translation>平方和的系数。</translation>
    </message>
    <message>
        <source>Factor, such as 2, 0.5 or 1/9</source>
        <translation>系数，如 2、0.5 或 1/9</translation>
    </message>
    <message>
        <source>Factors of height and width.</source>
        <translation>高和宽的倍数。</translation>
    </message>
    <message>
        <source>Fades the map out at its border, whose jump would lie as a cross over the peaks</source>
        <translation>让特征图在边界处渐弱，否则边界的跳变会形成十字，盖住峰</translation>
    </message>
    <message>
        <source>Failures and remarks</source>
        <translation>失败与备注</translation>
    </message>
    <message>
        <source>Failures and remarks: {n}</source>
        <translation>失败与备注：{n}</translation>
    </message>
    <message>
        <source>Family of kernels</source>
        <translation>卷积核族</translation>
    </message>
    <message>
        <source>Feature maps</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>File &amp;name</source>
        <translation>文件名(&amp;N)</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>Files of pictures that are done as a whole are always compressed</source>
        <translation>整幅处理的图片的文件总是压缩的</translation>
    </message>
    <message>
        <source>Files of pictures that are done in tiles have further sizes, each half as large as the one before</source>
        <translation>分块处理的图片的文件还含有其他尺寸，每个尺寸是前一个的一半</translation>
    </message>
    <message>
        <source>Files of {n} pictures exist already and were kept.</source>
        <translation>{n} 张图片的文件已存在，已予保留。</translation>
    </message>
    <message>
        <source>Files that an earlier run has written into the folder</source>
        <translation>先前的运行写入该文件夹的文件</translation>
    </message>
    <message>
        <source>Files that exist</source>
        <translation>已有文件</translation>
    </message>
    <message>
        <source>Files that exist already are kept: {n}.</source>
        <translation>已存在的文件会保留：{n} 个。</translation>
    </message>
    <message>
        <source>Files that were not saved: {n} of {total}</source>
        <translation>没有保存的文件：{n} 个，共 {total} 个</translation>
    </message>
    <message>
        <source>Files that will be written</source>
        <translation>将要写入的文件</translation>
    </message>
    <message>
        <source>Fill in the 1000 classes of ImageNet in their usual order</source>
        <translation>按通常的顺序填入 ImageNet 的 1000 个类别</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>滤波器</translation>
    </message>
    <message>
        <source>FilterLab ended unexpectedly; the unsaved work of {name} is back</source>
        <translation>FilterLab 意外结束；{name} 未保存的工作已恢复</translation>
    </message>
    <message>
        <source>FilterLab ended unexpectedly; what was open is back</source>
        <translation>FilterLab 意外退出；之前打开的内容已恢复</translation>
    </message>
    <message>
        <source>Find and run any command by name</source>
        <translation>按名称查找并运行任意命令</translation>
    </message>
    <message>
        <source>Find how the target lies over the picture, to a fraction of a pixel, and learn from their overlap. All of the shift is taken out, so that the kernel is found around its middle</source>
        <translation>找出目标相对图片的位置，精确到像素的几分之一，并从重叠部分学习。平移会全部去掉，因此求得的卷积核以其中心为准</translation>
    </message>
    <message>
        <source>Find its shift</source>
        <translation>找出它的平移</translation>
    </message>
    <message>
        <source>Find layers</source>
        <translation>查找层</translation>
    </message>
    <message>
        <source>Find layers by name, kind, operator or shape</source>
        <translation>按名称、类型、算子或形状查找层</translation>
    </message>
    <message>
        <source>Find peaks</source>
        <translation>寻找峰</translation>
    </message>
    <message>
        <source>Find where the target lies</source>
        <translation>找出目标的位置</translation>
    </message>
    <message>
        <source>First derivative along one axis, smoothed across it.</source>
        <translation>沿一个轴的一阶导数，沿与之垂直的方向平滑。</translation>
    </message>
    <message>
        <source>Fit all columns</source>
        <translation>显示所有列</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>展平</translation>
    </message>
    <message>
        <source>Flip</source>
        <translation>翻转</translation>
    </message>
    <message>
        <source>Flip &amp;horizontally</source>
        <translation>水平翻转(&amp;H)</translation>
    </message>
    <message>
        <source>Flip &amp;vertically</source>
        <translation>垂直翻转(&amp;V)</translation>
    </message>
    <message>
        <source>Fold all blocks</source>
        <translation>折叠所有块</translation>
    </message>
    <message>
        <source>Fold batch norms</source>
        <translation>并入批归一化</translation>
    </message>
    <message>
        <source>Fold this group</source>
        <translation>折叠此组</translation>
    </message>
    <message>
        <source>Folded 1 layer</source>
        <translation>已并入 1 层</translation>
    </message>
    <message>
        <source>Folded {n} layers</source>
        <translation>已并入 {n} 层</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folder for the maps</source>
        <translation>保存图的文件夹</translation>
    </message>
    <message>
        <source>Folder of class folders…</source>
        <translation>由类别文件夹组成的文件夹…</translation>
    </message>
    <message>
        <source>For any head, but an approximation: the gradient is averaged over the map, and what speaks against the class is cut off (Selvaraju et al. 2017).</source>
        <translation>适用于任何末端，但只是近似：梯度在特征图上取平均，不利于该类别的部分被截去（Selvaraju 等，2017）。</translation>
    </message>
    <message>
        <source>For how long each side is shown</source>
        <translation>每一边显示多久</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Four branches joined, with 1 × 1 reduction</source>
        <translation>四条分支相连，带 1 × 1 降维</translation>
    </message>
    <message>
        <source>Frames a &amp;second</source>
        <translation>每秒帧数(&amp;S)</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>Frequency along the rows, in cycles a pixel</source>
        <translation>沿行方向的频率，单位为周期/像素</translation>
    </message>
    <message>
        <source>Frequency down the columns, in cycles a pixel</source>
        <translation>沿列方向的频率，单位为周期/像素</translation>
    </message>
    <message>
        <source>Frequency response</source>
        <translation>频率响应</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>From one channel to the next; negative steps run backwards.</source>
        <translation>从一个通道到下一个通道的步长；负数表示反向。</translation>
    </message>
    <message>
        <source>From one row or column that is taken to the next.</source>
        <translation>从取出的一行或一列到下一行或下一列的步长。</translation>
    </message>
    <message>
        <source>From the 0.5th to the 99.5th percentile: a few extreme values do not count</source>
        <translation>从第 0.5 到第 99.5 百分位数：少数极端值不计入</translation>
    </message>
    <message>
        <source>From the gradient to edges one cell wide</source>
        <translation>从梯度到宽度为一个单元的边缘</translation>
    </message>
    <message>
        <source>From the least to the largest value</source>
        <translation>从最小值到最大值</translation>
    </message>
    <message>
        <source>Full colour is the largest weight of each kernel, else that of the layer</source>
        <translation>最深的颜色表示每个卷积核的最大权重；否则表示整层的最大权重</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>全部范围</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Fully connected</source>
        <translation>全连接层</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>GELU</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>Gabor</source>
        <translation>Gabor</translation>
    </message>
    <message>
        <source>Gabor bank</source>
        <translation>Gabor 滤波器组</translation>
    </message>
    <message>
        <source>Gabor kernels at several angles and scales, or a steerable family</source>
        <translation>多个角度和尺度的 Gabor 核，或可操纵的核族</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>γ</translation>
    </message>
    <message>
        <source>Gaussian</source>
        <translation>高斯</translation>
    </message>
    <message>
        <source>Gaussian, median, bilateral and guided filter side by side</source>
        <translation>高斯、中值、双边和引导滤波并列比较</translation>
    </message>
    <message>
        <source>Give all ranges that were dragged or typed back to the values</source>
        <translation>所有拖动或输入过的范围重新由值决定</translation>
    </message>
    <message>
        <source>Give up the search</source>
        <translation>结束查找</translation>
    </message>
    <message>
        <source>Give up the search (Esc)</source>
        <translation>结束查找 (Esc)</translation>
    </message>
    <message>
        <source>Global average pooling</source>
        <translation>全局平均汇聚</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on learning</source>
        <translation>继续学习</translation>
    </message>
    <message>
        <source>Go to another cell</source>
        <translation>转到另一格</translation>
    </message>
    <message>
        <source>Go to the grid</source>
        <translation>转到网格</translation>
    </message>
    <message>
        <source>Go to the largest difference</source>
        <translation>转到差最大的地方</translation>
    </message>
    <message>
        <source>Go to the largest difference (Return)</source>
        <translation>转到差最大的地方（回车）</translation>
    </message>
    <message>
        <source>Go to the largest difference: {place}</source>
        <translation>转到差最大的地方：{place}</translation>
    </message>
    <message>
        <source>Go to the value pinned before</source>
        <translation>转到之前钉住的值</translation>
    </message>
    <message>
        <source>Go to the winner, or to the cell that contributes most</source>
        <translation>转到最大值所在的格子，或贡献最大的格子</translation>
    </message>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Gradient times input</source>
        <translation>梯度乘输入</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Grey as bright as the colour looks: a weighted sum of red, green and blue.</source>
        <translation>与颜色看上去同样明亮的灰度：红、绿、蓝的加权和。</translation>
    </message>
    <message>
        <source>Group normalisation</source>
        <translation>组归一化</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Guided filter</source>
        <translation>引导滤波</translation>
    </message>
    <message>
        <source>HCW</source>
        <translation>HCW</translation>
    </message>
    <message>
        <source>HSV to RGB</source>
        <translation>HSV 转 RGB</translation>
    </message>
    <message>
        <source>HWC</source>
        <translation>HWC</translation>
    </message>
    <message>
        <source>Half a wave down to zero</source>
        <translation>余弦退火：沿半个余弦降到零</translation>
    </message>
    <message>
        <source>Handwritten digits</source>
        <translation>手写数字</translation>
    </message>
    <message>
        <source>Hard shrink</source>
        <translation>硬收缩</translation>
    </message>
    <message>
        <source>Hard sigmoid</source>
        <translation>硬 sigmoid</translation>
    </message>
    <message>
        <source>Hard swish</source>
        <translation>硬 swish</translation>
    </message>
    <message>
        <source>Hard tanh</source>
        <translation>硬双曲正切</translation>
    </message>
    <message>
        <source>Height and width of each kernel. Numbers are kept around the centre; presets are made anew.</source>
        <translation>每个卷积核的高和宽。数值围绕中心保留；预设会重新生成。</translation>
    </message>
    <message>
        <source>Height and width of the maps; the number of channels follows.</source>
        <translation>特征图的高和宽；通道数由此得出。</translation>
    </message>
    <message>
        <source>Height and width of the middle that is kept, instead of a margin.</source>
        <translation>保留的中间部分的高和宽，用以代替边距。</translation>
    </message>
    <message>
        <source>Height and width of the output.</source>
        <translation>输出的高和宽。</translation>
    </message>
    <message>
        <source>Height and width of the output; none keeps those of the input.</source>
        <translation>输出的高和宽；“无”表示与输入相同。</translation>
    </message>
    <message>
        <source>Height and width of the window that is moved over the map.</source>
        <translation>在特征图上移动的窗口的高和宽。</translation>
    </message>
    <message>
        <source>Height and width of the window.</source>
        <translation>窗口的高和宽。</translation>
    </message>
    <message>
        <source>Height and width that all labelled pictures are resized to; empty: unchanged</source>
        <translation>所有带标签图片缩放到的高度和宽度；留空：保持原大小</translation>
    </message>
    <message>
        <source>Height and width, odd.</source>
        <translation>高和宽，奇数。</translation>
    </message>
    <message>
        <source>Height and width, odd; a height of 1 filters along the rows alone.</source>
        <translation>高和宽，均为奇数；高为 1 时只沿行滤波。</translation>
    </message>
    <message>
        <source>Height and width.</source>
        <translation>高和宽。</translation>
    </message>
    <message>
        <source>Hide the answer</source>
        <translation>隐藏答案</translation>
    </message>
    <message>
        <source>Hide the column of the selected layer on the wall of maps, or show it again</source>
        <translation>在特征图墙中隐藏或重新显示选中层的列</translation>
    </message>
    <message>
        <source>Hide the selected column</source>
        <translation>隐藏选中的列</translation>
    </message>
    <message>
        <source>Hide this column</source>
        <translation>隐藏此列</translation>
    </message>
    <message>
        <source>High</source>
        <translation>高阈值</translation>
    </message>
    <message>
        <source>High-pass</source>
        <translation>高通</translation>
    </message>
    <message>
        <source>Highest frequency of the band, in cycles a pixel</source>
        <translation>频带的最高频率，单位为周期/像素</translation>
    </message>
    <message>
        <source>Highest frequency shown</source>
        <translation>显示的最高频率</translation>
    </message>
    <message>
        <source>Hint {number} of {total}</source>
        <translation>提示 {number}/{total}</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Histogram equalisation</source>
        <translation>直方图均衡化</translation>
    </message>
    <message>
        <source>Histogram equalisation in tiles, with limited contrast: detail in dark and in bright parts; Zuiderveld 1994.</source>
        <translation>分块且限制对比度的直方图均衡化：暗处和亮处都显出细节；Zuiderveld 1994。</translation>
    </message>
    <message>
        <source>Histogram: {what}</source>
        <translation>直方图：{what}</translation>
    </message>
    <message>
        <source>Histogram: {what}, computing…</source>
        <translation>直方图：{what}，计算中…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>How far each weight would scatter if the noise were another</source>
        <translation>若噪声不同，每个权重会有多大的波动</translation>
    </message>
    <message>
        <source>How far the blurred restoration is from the picture. A click shows that iteration.</source>
        <translation>复原结果再模糊后与图片相差多少。单击可显示那次迭代。</translation>
    </message>
    <message>
        <source>How far values are moved towards 0.</source>
        <translation>数值向 0 移动的距离。</translation>
    </message>
    <message>
        <source>How kernels are shown</source>
        <translation>卷积核的显示方式</translation>
    </message>
    <message>
        <source>How many iterations to make; empty: until the rule of the method says that it is enough</source>
        <translation>迭代多少次；留空则直到该方法的规则认为足够</translation>
    </message>
    <message>
        <source>How many numbers there are, one for each of the {axis}</source>
        <translation>有多少个数，每个对应{axis}中的一个</translation>
    </message>
    <message>
        <source>How many pictures a step sees</source>
        <translation>每一步看多少张图片</translation>
    </message>
    <message>
        <source>How many pictures are done at the same time</source>
        <translation>同时处理多少张图片</translation>
    </message>
    <message>
        <source>How many steps to make</source>
        <translation>要走多少步</translation>
    </message>
    <message>
        <source>How many windows are shown per second</source>
        <translation>每秒多少个窗口</translation>
    </message>
    <message>
        <source>How much detail is added.</source>
        <translation>加多少细节。</translation>
    </message>
    <message>
        <source>How much is paid for roughness beside the squared residual; empty: chosen by the method</source>
        <translation>除残差平方外，对粗糙程度的惩罚；留空则由方法选取</translation>
    </message>
    <message>
        <source>How much memory maps may take; those that do not fit wait on the disk</source>
        <translation>特征图可以占用多少内存；放不下的暂存于磁盘</translation>
    </message>
    <message>
        <source>How much the picture and all maps are enlarged, relative to the whole view</source>
        <translation>图片和所有图相对于完整显示放大了多少</translation>
    </message>
    <message>
        <source>How quickly one step follows another</source>
        <translation>各步之间的快慢</translation>
    </message>
    <message>
        <source>How strongly each pixel moves the value in either direction; the sign is lost.</source>
        <translation>每个像素在任一方向上影响该值的强弱；符号丢失。</translation>
    </message>
    <message>
        <source>How the blur is undone</source>
        <translation>去除模糊的方法</translation>
    </message>
    <message>
        <source>How the kernel was laid over the scene: as it is printed, or rotated by 180 degrees</source>
        <translation>卷积核如何放在场景上：按所印的样子，或旋转 180 度</translation>
    </message>
    <message>
        <source>How the learning rate changes from step to step</source>
        <translation>学习率沿途怎样变化</translation>
    </message>
    <message>
        <source>How the value answers to small changes of each pixel, not what the pixel adds to it. Behind a saturated activation it is small although the pixel matters.</source>
        <translation>该值对每个像素微小变化的反应，而不是像素对它的贡献。在饱和的激活函数之后，即使像素很重要，梯度也很小。</translation>
    </message>
    <message>
        <source>How the weights are updated from the gradient</source>
        <translation>权重怎样跟随梯度</translation>
    </message>
    <message>
        <source>How to compare two filters</source>
        <translation>如何比较两个滤波器</translation>
    </message>
    <message>
        <source>How values between cells are interpolated.</source>
        <translation>格子之间的值怎样得到。</translation>
    </message>
    <message>
        <source>Hubble deep field</source>
        <translation>哈勃深空</translation>
    </message>
    <message>
        <source>Hue in turns (0 red, 1/3 green, 2/3 blue), saturation and value of a colour; Smith 1978.</source>
        <translation>颜色的色相（以整圈为单位：0 红，1/3 绿，2/3 蓝）、饱和度和明度；Smith 1978。</translation>
    </message>
    <message>
        <source>ICCLAB colours</source>
        <translation>ICCLAB 颜色</translation>
    </message>
    <message>
        <source>ITULAB colours</source>
        <translation>ITULAB 颜色</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>恒等</translation>
    </message>
    <message>
        <source>Image filtering, and convolution understood.
Free software under the MIT licence.</source>
        <translation>做图像滤波，看懂卷积。
自由软件，MIT 许可证。</translation>
    </message>
    <message>
        <source>In PyTorch:</source>
        <translation>PyTorch 中的写法：</translation>
    </message>
    <message>
        <source>In the middle of what is seen, no node differs by more than round-off. Zoom in to compare all.</source>
        <translation>在所见部分的中间，没有节点的差异超过舍入误差。放大后可比较全部。</translation>
    </message>
    <message>
        <source>In the middle of what is seen, the first that differs: {node}</source>
        <translation>在所见部分的中间，第一个有差异的节点：{node}</translation>
    </message>
    <message>
        <source>In the part that is seen, no node differs by more than round-off.</source>
        <translation>在所见部分中，没有节点的差异超过舍入误差。</translation>
    </message>
    <message>
        <source>In the part that is seen, the first that differs: {node}</source>
        <translation>在所见部分中，第一个不同的节点：{node}</translation>
    </message>
    <message>
        <source>Inception block</source>
        <translation>Inception 块</translation>
    </message>
    <message>
        <source>Inception, unreduced</source>
        <translation>Inception，不降维</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Input channels</source>
        <translation>输入通道数</translation>
    </message>
    <message>
        <source>Input channels to {n}</source>
        <translation>输入通道改为 {n}</translation>
    </message>
    <message>
        <source>Inputs of the new {title}</source>
        <translation>新的{title}的输入</translation>
    </message>
    <message>
        <source>Inputs of {node}</source>
        <translation>{node} 的输入</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Instance normalisation</source>
        <translation>实例归一化</translation>
    </message>
    <message>
        <source>Into</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>Into {folder}</source>
        <translation>存入 {folder}</translation>
    </message>
    <message>
        <source>Iteration that is shown</source>
        <translation>所显示的迭代</translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation>迭代次数</translation>
    </message>
    <message>
        <source>Its inputs</source>
        <translation>它读取什么</translation>
    </message>
    <message>
        <source>JPEG 2000 in YCbCr</source>
        <translation>YCbCr 的 JPEG 2000</translation>
    </message>
    <message>
        <source>Join the pinned value to the channels that it reads; wide curves give most of it</source>
        <translation>把钉住的值与它读取的通道连接起来；越粗的曲线贡献越大</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep a last window that reaches beyond the end of the input.</source>
        <translation>保留超出末端的最后一个窗口。</translation>
    </message>
    <message>
        <source>Keep best</source>
        <translation>保留最佳</translation>
    </message>
    <message>
        <source>Keep best: {n}</source>
        <translation>保留最佳：{n}</translation>
    </message>
    <message>
        <source>Keep edges</source>
        <translation>保留边缘</translation>
    </message>
    <message>
        <source>Keep step</source>
        <translation>保留此步</translation>
    </message>
    <message>
        <source>Keep step {number} of learning</source>
        <translation>保留学习的第 {number} 步</translation>
    </message>
    <message>
        <source>Keep step {n}</source>
        <translation>保留第 {n} 步</translation>
    </message>
    <message>
        <source>Keep the best step</source>
        <translation>保留最佳的一步</translation>
    </message>
    <message>
        <source>Keep the least-squares kernel</source>
        <translation>保留最小二乘卷积核</translation>
    </message>
    <message>
        <source>Keep the numbers of the</source>
        <translation>保留数值：</translation>
    </message>
    <message>
        <source>Keep the restored picture</source>
        <translation>保留复原的图片</translation>
    </message>
    <message>
        <source>Keep the shown step</source>
        <translation>保留所显示的一步</translation>
    </message>
    <message>
        <source>Keeps the detail alone. Sums to 0.</source>
        <translation>只有细节。和为 0。</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Kernel at the pinned value</source>
        <translation>钉住的值处的核</translation>
    </message>
    <message>
        <source>Kernel before and after</source>
        <translation>拆分前后的卷积核</translation>
    </message>
    <message>
        <source>Kernel here</source>
        <translation>此处的核</translation>
    </message>
    <message>
        <source>Kernel of {node}</source>
        <translation>{node} 的卷积核</translation>
    </message>
    <message>
        <source>Kernel size</source>
        <translation>核大小</translation>
    </message>
    <message>
        <source>Kernel that can be read in {n} ways: {shapes}</source>
        <translation>可以用 {n} 种方式读取的卷积核：{shapes}</translation>
    </message>
    <message>
        <source>Kernel to be learned</source>
        <translation>待学习的核</translation>
    </message>
    <message>
        <source>Kernel, {height} × {width}</source>
        <translation>核，{height} × {width}</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Kernels along the column</source>
        <translation>沿列的核</translation>
    </message>
    <message>
        <source>Kernels along the row</source>
        <translation>沿行的核</translation>
    </message>
    <message>
        <source>Kernels before and after</source>
        <translation>拆分前后的卷积核</translation>
    </message>
    <message>
        <source>Kernels of the bank</source>
        <translation>这一组卷积核</translation>
    </message>
    <message>
        <source>Kernels of the layer</source>
        <translation>该层的卷积核</translation>
    </message>
    <message>
        <source>Kernels of three input channels as colour pictures, or output channels down and inputs across</source>
        <translation>把三个输入通道的卷积核显示为彩色图像，或按输出通道为行、输入通道为列显示</translation>
    </message>
    <message>
        <source>Kernels of {node}</source>
        <translation>{node} 的卷积核</translation>
    </message>
    <message>
        <source>Kernels on a grid</source>
        <translation>网格上的核</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Kind of response</source>
        <translation>响应的类型</translation>
    </message>
    <message>
        <source>Kirsch</source>
        <translation>Kirsch</translation>
    </message>
    <message>
        <source>Known kernel</source>
        <translation>已知的核</translation>
    </message>
    <message>
        <source>L (0 black to 100 white), a (green to red) and b (blue to yellow) of sRGB under D65; CIE 1976.</source>
        <translation>D65 光源下 sRGB 的 L（0 黑到 100 白）、a（绿到红）和 b（蓝到黄）；CIE 1976。</translation>
    </message>
    <message>
        <source>L-BFGS</source>
        <translation>L-BFGS</translation>
    </message>
    <message>
        <source>Lab to RGB</source>
        <translation>Lab 转 RGB</translation>
    </message>
    <message>
        <source>Labelled pictures</source>
        <translation>带标签的图片</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Lambd</source>
        <translation>λ</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Laplacian</source>
        <translation>拉普拉斯</translation>
    </message>
    <message>
        <source>Laplacian of Gaussian</source>
        <translation>高斯拉普拉斯</translation>
    </message>
    <message>
        <source>Laplacian pyramid</source>
        <translation>拉普拉斯金字塔</translation>
    </message>
    <message>
        <source>Large negative values approach -alpha.</source>
        <translation>大的负值趋于 -alpha。</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Larger pictures are done in tiles that stand for so many of their rows and columns, as 1024</source>
        <translation>较大的图片会分块处理，每块对应图片的这么多行和列，如 1024</translation>
    </message>
    <message>
        <source>Larger tiles</source>
        <translation>放大图块</translation>
    </message>
    <message>
        <source>Largest finite value</source>
        <translation>最大的有限值</translation>
    </message>
    <message>
        <source>Largest kernel of the cascade</source>
        <translation>级联中最大的卷积核</translation>
    </message>
    <message>
        <source>Largest value of the output.</source>
        <translation>输出的最大值。</translation>
    </message>
    <message>
        <source>Laws' texture</source>
        <translation>Laws 纹理</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layer normalisation</source>
        <translation>层归一化</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layers to choose from</source>
        <translation>可选的层</translation>
    </message>
    <message>
        <source>LeNet</source>
        <translation>LeNet</translation>
    </message>
    <message>
        <source>Lea&amp;rn</source>
        <translation>学习(&amp;N)</translation>
    </message>
    <message>
        <source>Leaky ReLU</source>
        <translation>带泄漏的 ReLU</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>Learn step by step what convolution does</source>
        <translation>一步步看懂卷积</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>Learning in its own window</source>
        <translation>在单独的窗口中学习</translation>
    </message>
    <message>
        <source>Learning is shown in its own window.</source>
        <translation>学习面板显示在单独的窗口中。</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Learns</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>Least squares</source>
        <translation>最小二乘</translation>
    </message>
    <message>
        <source>Least squares with a price on squared differences of neighbours</source>
        <translation>对相邻像素之差的平方加惩罚的最小二乘</translation>
    </message>
    <message>
        <source>Least squares without a price, iterated until the residual is as small as the noise</source>
        <translation>不加惩罚的最小二乘，迭代到残差与噪声一样小为止</translation>
    </message>
    <message>
        <source>Least squares: the price of large weights</source>
        <translation>最小二乘：对大权重的惩罚</translation>
    </message>
    <message>
        <source>Leave the contact sheet out</source>
        <translation>不附总览图</translation>
    </message>
    <message>
        <source>Leave the lesson</source>
        <translation>离开课程</translation>
    </message>
    <message>
        <source>Leaves the picture unchanged. For an even size, the centre is the cell after the middle.</source>
        <translation>让图片保持原样。大小为偶数时，中心取后一格。</translation>
    </message>
    <message>
        <source>Ledger</source>
        <translation>账目表</translation>
    </message>
    <message>
        <source>Ledger…</source>
        <translation>账目表…</translation>
    </message>
    <message>
        <source>Left folds it</source>
        <translation>按左方向键折叠</translation>
    </message>
    <message>
        <source>Left out of the network</source>
        <translation>网络中略去的部分</translation>
    </message>
    <message>
        <source>Left out: 1 tensor…</source>
        <translation>略去：1 个张量…</translation>
    </message>
    <message>
        <source>Left out: {nodes} ({reason})</source>
        <translation>未比较：{nodes}（{reason}）</translation>
    </message>
    <message>
        <source>Left out: {n} tensors…</source>
        <translation>略去：{n} 个张量…</translation>
    </message>
    <message>
        <source>Left out: {tensor}</source>
        <translation>未导入：{tensor}</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Length of the gradient from which on a cell may belong to an edge.</source>
        <translation>梯度长度达到该值的单元才可能属于边缘。</translation>
    </message>
    <message>
        <source>Length of the gradient that makes an edge; weaker ones must touch it.</source>
        <translation>构成边缘所需的梯度长度；较弱者必须与之相连。</translation>
    </message>
    <message>
        <source>Less keeps more detail and more noise; an empty field chooses by itself</source>
        <translation>越小，保留的细节和噪声越多；留空则自动选取</translation>
    </message>
    <message>
        <source>Lesson “{title}”, step {number}</source>
        <translation>课程“{title}”，第 {number} 步</translation>
    </message>
    <message>
        <source>Lessons</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Let A and B change by themselves, or by hand alone</source>
        <translation>让 A 和 B 自动切换，或只用手动切换</translation>
    </message>
    <message>
        <source>Let the size of the tiles follow the number of columns and the size of the window</source>
        <translation>让图块的大小随列数和窗口大小而定</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Like Sobel, with a more accurate gradient direction.</source>
        <translation>同 Sobel，方向更准确。</translation>
    </message>
    <message>
        <source>Like instance normalisation, with the statistics of groups of channels; Wu and He 2018.</source>
        <translation>同实例归一化，但均值和标准差按通道组计算；Wu 和 He 2018。</translation>
    </message>
    <message>
        <source>Line profile</source>
        <translation>剖面线</translation>
    </message>
    <message>
        <source>Linearised, remainder {remainder}: not every layer on the way is straight between kinks.</source>
        <translation>已线性化，余项 {remainder}：途中并非每一层都是分段线性的。</translation>
    </message>
    <message>
        <source>Links of the pinned value</source>
        <translation>钉住的值的连线</translation>
    </message>
    <message>
        <source>Local deviation</source>
        <translation>局部标准差</translation>
    </message>
    <message>
        <source>Local response normalisation</source>
        <translation>局部响应归一化</translation>
    </message>
    <message>
        <source>Log sigmoid</source>
        <translation>对数 sigmoid</translation>
    </message>
    <message>
        <source>Log softmax</source>
        <translation>对数 softmax</translation>
    </message>
    <message>
        <source>LogL values</source>
        <translation>LogL 值</translation>
    </message>
    <message>
        <source>LogLuv colours</source>
        <translation>LogLuv 颜色</translation>
    </message>
    <message>
        <source>Logarithmic counts</source>
        <translation>计数用对数坐标</translation>
    </message>
    <message>
        <source>Logarithmic loss</source>
        <translation>损失用对数坐标</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Look at all &amp;kernels…</source>
        <translation>查看所有卷积核(&amp;K)…</translation>
    </message>
    <message>
        <source>Look at all kernels…</source>
        <translation>查看所有卷积核…</translation>
    </message>
    <message>
        <source>Look at any iteration: Home is the blurred picture, End the result</source>
        <translation>查看任意一次迭代：Home 为模糊的图片，End 为结果</translation>
    </message>
    <message>
        <source>Look at the same network with its weights in random order: a lens that shows the same is blind</source>
        <translation>查看权重被随机打乱的同一网络：若显示的仍然一样，这种视角就是盲的</translation>
    </message>
    <message>
        <source>Look back at any step: Home is the start; at End the view follows new steps</source>
        <translation>回看任意一步：Home 为起点，在 End 时视图跟随新的步</translation>
    </message>
    <message>
        <source>Looking at the weights of {node}…</source>
        <translation>正在查看 {node} 的权重…</translation>
    </message>
    <message>
        <source>Looking for the pictures…</source>
        <translation>正在查找图片…</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Loss over the steps</source>
        <translation>各步的损失</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>低阈值</translation>
    </message>
    <message>
        <source>Low frequencies are in the middle, waves along the rows left and right of it, along the columns above and below. Click a peak to put a notch on it and its mirror, drag it, turn the wheel for its radius, press Delete to remove it. Keys: arrows, Enter, plus and minus, Page Up and Page Down.</source>
        <translation>中间是低频，左右是沿水平方向的波，上下是沿竖直方向的波。点击一个峰，在它及其镜像上放一个陷波；拖动可移动，滚轮改变半径，按 Delete 删除。键盘：方向键、Enter、加减号、Page Up 和 Page Down。</translation>
    </message>
    <message>
        <source>Lower end of the range</source>
        <translation>范围的下端</translation>
    </message>
    <message>
        <source>Lowest frequency of the band, in cycles a pixel</source>
        <translation>频带的最低频率，单位为周期/像素</translation>
    </message>
    <message>
        <source>Magnitude</source>
        <translation>幅值</translation>
    </message>
    <message>
        <source>Magnitude (log)</source>
        <translation>幅度（对数）</translation>
    </message>
    <message>
        <source>Make as many steps again, from the newest on</source>
        <translation>从最新的一步起，再做同样多的步数</translation>
    </message>
    <message>
        <source>Make grey</source>
        <translation>转为灰度</translation>
    </message>
    <message>
        <source>Make the numbers</source>
        <translation>生成数值</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>Map of the whole graph</source>
        <translation>整张特征图的缩略图</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>Maps to save</source>
        <translation>要保存的图</translation>
    </message>
    <message>
        <source>Maps to write</source>
        <translation>要写入的特征图</translation>
    </message>
    <message>
        <source>Maps were not saved</source>
        <translation>图没有保存</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>边距</translation>
    </message>
    <message>
        <source>Max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Max pooling</source>
        <translation>最大汇聚</translation>
    </message>
    <message>
        <source>Max val</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Maximum, mean and other pooling side by side</source>
        <translation>最大、平均及其他池化并列显示</translation>
    </message>
    <message>
        <source>McClellan</source>
        <translation>McClellan</translation>
    </message>
    <message>
        <source>McClellan's method makes square kernels</source>
        <translation>McClellan 方法只产生正方形的卷积核</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Mean of each channel during training.</source>
        <translation>训练中每个通道的均值。</translation>
    </message>
    <message>
        <source>Mean of the finite values</source>
        <translation>有限值的平均</translation>
    </message>
    <message>
        <source>Median pooling</source>
        <translation>中值汇聚</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory for all processes</source>
        <translation>所有进程的内存</translation>
    </message>
    <message>
        <source>Memory for maps</source>
        <translation>特征图的内存</translation>
    </message>
    <message>
        <source>Memory for maps is limited to {size}; these wait on the disk: {names}</source>
        <translation>特征图的内存限制为 {size}；以下特征图暂存于磁盘：{names}</translation>
    </message>
    <message>
        <source>Memory for maps…</source>
        <translation>特征图的内存…</translation>
    </message>
    <message>
        <source>Memory for tiles is limited to {size}: what does not fit stays a preview</source>
        <translation>分块可用的内存限制为 {size}：放不下的部分仍显示预览</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Merge all that is exact</source>
        <translation>合并所有可精确合并的层</translation>
    </message>
    <message>
        <source>Merge and split</source>
        <translation>合并与拆分</translation>
    </message>
    <message>
        <source>Merge branches in a new layer</source>
        <translation>用一个新层合并分支</translation>
    </message>
    <message>
        <source>Merge by {title}</source>
        <translation>用{title}合并</translation>
    </message>
    <message>
        <source>Merge layers</source>
        <translation>合并层</translation>
    </message>
    <message>
        <source>Merge the branches</source>
        <translation>合并分支</translation>
    </message>
    <message>
        <source>Merge wherever every number stays and the multiply-adds do not become more</source>
        <translation>凡是数值完全不变、乘加运算也不增多之处，都加以合并</translation>
    </message>
    <message>
        <source>Merge with the next layer</source>
        <translation>与下一层合并</translation>
    </message>
    <message>
        <source>Merge {node} with others by</source>
        <translation>合并 {node} 与其他节点，使用</translation>
    </message>
    <message>
        <source>Merged {n} layers</source>
        <translation>已合并 {n} 层</translation>
    </message>
    <message>
        <source>Merge…</source>
        <translation>合并…</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Messages {count}</source>
        <translation>消息 {count}</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>MiB of memory for maps; 0 stands for a quarter of what the machine has</source>
        <translation>特征图可用的内存（MiB）；0 表示机器内存的四分之一</translation>
    </message>
    <message>
        <source>Min</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Min pooling</source>
        <translation>最小汇聚</translation>
    </message>
    <message>
        <source>Min val</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Mish</source>
        <translation>Mish</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Motion blur</source>
        <translation>运动模糊</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Move layer down</source>
        <translation>下移层</translation>
    </message>
    <message>
        <source>Move layer up</source>
        <translation>上移层</translation>
    </message>
    <message>
        <source>Move the handle, or the chosen cell</source>
        <translation>移动滑柄，或选中的单元格</translation>
    </message>
    <message>
        <source>Move the pinned value</source>
        <translation>移动钉住的值</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move {node}</source>
        <translation>移动 {node}</translation>
    </message>
    <message>
        <source>Multiply every cell by the factor beside</source>
        <translation>将每个单元格乘以旁边的系数</translation>
    </message>
    <message>
        <source>Multiply-adds</source>
        <translation>乘加</translation>
    </message>
    <message>
        <source>N&amp;ormalise</source>
        <translation>归一化(&amp;O)</translation>
    </message>
    <message>
        <source>NE</source>
        <translation>东北</translation>
    </message>
    <message>
        <source>NW</source>
        <translation>西北</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name, layer, operator or shape</source>
        <translation>名称、层、算子或形状</translation>
    </message>
    <message>
        <source>Named kernels. They stay recipes in the file until a cell is edited.</source>
        <translation>预设的核。在编辑某一格之前，文件中只记录其名称和参数。</translation>
    </message>
    <message>
        <source>Names of ImageNet</source>
        <translation>ImageNet 的名称</translation>
    </message>
    <message>
        <source>Names of the classes along the axis.</source>
        <translation>沿轴的类别名称。</translation>
    </message>
    <message>
        <source>Negate</source>
        <translation>取反</translation>
    </message>
    <message>
        <source>Negative slope</source>
        <translation>负斜率</translation>
    </message>
    <message>
        <source>Neighbours</source>
        <translation>邻居</translation>
    </message>
    <message>
        <source>Nesterov</source>
        <translation>Nesterov</translation>
    </message>
    <message>
        <source>Network for {n} classes</source>
        <translation>{n} 个类别的网络</translation>
    </message>
    <message>
        <source>New name of {node}</source>
        <translation>{node} 的新名称</translation>
    </message>
    <message>
        <source>New pipeline</source>
        <translation>新建流水线</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Next layer</source>
        <translation>下一层</translation>
    </message>
    <message>
        <source>Next lesson</source>
        <translation>下一课</translation>
    </message>
    <message>
        <source>Next step of the lesson</source>
        <translation>课程的下一步</translation>
    </message>
    <message>
        <source>Next window</source>
        <translation>下一个窗口</translation>
    </message>
    <message>
        <source>No best single kernel: {why}.</source>
        <translation>没有最好的单个核：{why}。</translation>
    </message>
    <message>
        <source>No change</source>
        <translation>不作更改</translation>
    </message>
    <message>
        <source>No command matches.</source>
        <translation>没有匹配的命令。</translation>
    </message>
    <message>
        <source>No layer matches.</source>
        <translation>没有匹配的层。</translation>
    </message>
    <message>
        <source>No node differs by more than round-off.</source>
        <translation>没有节点的差超过舍入误差。</translation>
    </message>
    <message>
        <source>No other wave stands out of this spectrum.</source>
        <translation>这个频谱中没有其他突出的波。</translation>
    </message>
    <message>
        <source>No picture is open. Drop one onto the window, or choose Open… in the File menu.</source>
        <translation>没有打开图片。把图片拖到窗口上，或在“文件”菜单中选择“打开…”。</translation>
    </message>
    <message>
        <source>No single receptive field: {reason}</source>
        <translation>没有单一的感受野：{reason}</translation>
    </message>
    <message>
        <source>Nodes of both pipelines</source>
        <translation>两条流水线的节点</translation>
    </message>
    <message>
        <source>Nodes that learn</source>
        <translation>参与学习的节点</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Noisy camera</source>
        <translation>摄影师，带噪声</translation>
    </message>
    <message>
        <source>Non-maximum suppression</source>
        <translation>非极大值抑制</translation>
    </message>
    <message>
        <source>Norm type</source>
        <translation>范数类型</translation>
    </message>
    <message>
        <source>Normal with mean 0 and standard deviation 1, or uniform from -1 to 1.</source>
        <translation>以 0 为中心、标准差 1，或在 -1 和 1 之间均匀。</translation>
    </message>
    <message>
        <source>Normalise</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Normalized</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Norms of the output channels</source>
        <translation>输出通道的范数</translation>
    </message>
    <message>
        <source>Not done: {what}</source>
        <translation>未完成：{what}</translation>
    </message>
    <message>
        <source>Not opened, but listed under “Open recent”: {names}</source>
        <translation>未打开，但已列入“最近打开”：{names}</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>Not yet. {hint}</source>
        <translation>还不对。{hint}</translation>
    </message>
    <message>
        <source>Notch</source>
        <translation>陷波器</translation>
    </message>
    <message>
        <source>Notch at {u}, {v}, radius {r}, × {gain}</source>
        <translation>陷波 {u}, {v}，半径 {r}，× {gain}</translation>
    </message>
    <message>
        <source>Notches</source>
        <translation>陷波</translation>
    </message>
    <message>
        <source>Notches and bands</source>
        <translation>陷波和频带</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Nothing has been run yet.</source>
        <translation>尚未运行。</translation>
    </message>
    <message>
        <source>Nothing is pinned</source>
        <translation>没有钉住任何值</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>没有选择任何内容。</translation>
    </message>
    <message>
        <source>Nothing to report.</source>
        <translation>没有消息。</translation>
    </message>
    <message>
        <source>Nothing was copied</source>
        <translation>没有复制任何内容</translation>
    </message>
    <message>
        <source>Nothing was done: the pipeline has changed meanwhile</source>
        <translation>未作改动：其间流水线已发生变化</translation>
    </message>
    <message>
        <source>Nothing was folded</source>
        <translation>没有并入</translation>
    </message>
    <message>
        <source>Nothing was folded: the pipeline has changed meanwhile</source>
        <translation>没有并入：流水线在此期间已改变</translation>
    </message>
    <message>
        <source>Nothing was merged</source>
        <translation>没有合并任何层</translation>
    </message>
    <message>
        <source>Num groups</source>
        <translation>组数</translation>
    </message>
    <message>
        <source>NumPy (.npy), numbers</source>
        <translation>NumPy (.npy)，数值</translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation>NumPy 数组</translation>
    </message>
    <message>
        <source>NumPy, numbers as float32</source>
        <translation>NumPy，float32 数值</translation>
    </message>
    <message>
        <source>Number added to each channel; 0 by default.</source>
        <translation>加到每个通道上的数；不给出时为 0。</translation>
    </message>
    <message>
        <source>Number of directions that are steered to; 0 for the bank alone.</source>
        <translation>要转到的方向个数；0 表示只要基本核。</translation>
    </message>
    <message>
        <source>Number of directions.</source>
        <translation>方向个数。</translation>
    </message>
    <message>
        <source>Number of groups of neighbouring channels; 1 takes all together.</source>
        <translation>相邻通道分成的组数；1 表示全部在一起。</translation>
    </message>
    <message>
        <source>Number of groups that the channels are split into; groups do not see each other.</source>
        <translation>把通道分成这么多组，各组互不相见。</translation>
    </message>
    <message>
        <source>Number of input channels. Weights that stay are kept; new ones are drawn by kaiming_normal with seed 0.</source>
        <translation>输入通道数。留下的权重保持不变；新权重由 kaiming_normal 以种子 0 抽取。</translation>
    </message>
    <message>
        <source>Number of neighbouring channels that are summed.</source>
        <translation>求和的相邻通道数。</translation>
    </message>
    <message>
        <source>Number of output channels. Weights that stay are kept; new ones are drawn by kaiming_normal with seed 0.</source>
        <translation>输出通道数。留下的权重保持不变；新权重由 kaiming_normal 以种子 0 抽取。</translation>
    </message>
    <message>
        <source>Number of ranges of values that are counted.</source>
        <translation>参与计数的数值区间的个数。</translation>
    </message>
    <message>
        <source>Number of tiles from top to bottom and from left to right.</source>
        <translation>从上到下和从左到右的块数。</translation>
    </message>
    <message>
        <source>Number of values</source>
        <translation>值的个数</translation>
    </message>
    <message>
        <source>Number of widths.</source>
        <translation>宽度的个数。</translation>
    </message>
    <message>
        <source>Number subtracted from each channel.</source>
        <translation>要减去的数，每个通道一个。</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Numbers in cells</source>
        <translation>格子中的数值</translation>
    </message>
    <message>
        <source>ONNX</source>
        <translation>ONNX</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>One HTML file that any browser opens without a network: the value, its sums, and those around it</source>
        <translation>一个无需网络、任何浏览器都能打开的 HTML 文件：该值、它的各级求和，以及它周围的值</translation>
    </message>
    <message>
        <source>One PNG with what the wall shows on the screen now.</source>
        <translation>一个 PNG，内容为屏幕上特征图墙的当前显示。</translation>
    </message>
    <message>
        <source>One frame every … &amp;rows and columns</source>
        <translation>每隔几行几列(&amp;R)</translation>
    </message>
    <message>
        <source>One kernel for each input and output channel.</source>
        <translation>每个输入与输出通道一个核。</translation>
    </message>
    <message>
        <source>One kernel for each output and input channel.</source>
        <translation>每个输出与输入通道一个核。</translation>
    </message>
    <message>
        <source>One kernel that lights the picture from a corner</source>
        <translation>一个从角上照亮图片的核</translation>
    </message>
    <message>
        <source>One layer down</source>
        <translation>追溯到前一层</translation>
    </message>
    <message>
        <source>One layer with the same numbers in place of the branches that meet in this one</source>
        <translation>用一层代替在此汇合的各分支，数值不变</translation>
    </message>
    <message>
        <source>One layer with the same numbers in place of this one and the one that reads it</source>
        <translation>用一层代替本层和读取它的那一层，数值不变</translation>
    </message>
    <message>
        <source>One number for each map, each position, or each row or column: a mean, a sum, an extreme, a norm.</source>
        <translation>每幅特征图、每个位置、每行或每列得到一个数：均值、和、极值或范数。</translation>
    </message>
    <message>
        <source>One of Laws' texture energy kernels.</source>
        <translation>Laws 纹理能量核之一（Level 均值、Edge 边缘、Spot 斑点、Wave 波、Ripple 波纹）。</translation>
    </message>
    <message>
        <source>One range of colours for A and B, so that equal colours mean equal values; or each its own</source>
        <translation>A 和 B 使用同一颜色范围，使相同的颜色表示相同的值；或各用各的</translation>
    </message>
    <message>
        <source>One row of weights for each output.</source>
        <translation>每个输出一行权重。</translation>
    </message>
    <message>
        <source>One step of learning</source>
        <translation>学习一步</translation>
    </message>
    <message>
        <source>One unit</source>
        <translation>一个单元</translation>
    </message>
    <message>
        <source>One window</source>
        <translation>一个窗口</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>Open a picture to see how its values are distributed.</source>
        <translation>打开一张图片，查看它的值怎样分布。</translation>
    </message>
    <message>
        <source>Open a picture to see its spectrum.</source>
        <translation>打开一张图片以查看其频谱。</translation>
    </message>
    <message>
        <source>Open a picture, then click a value in any map to see the kernel that the network is there.</source>
        <translation>打开一张图片，再点击任一特征图中的值，查看网络在那里相当于怎样的核。</translation>
    </message>
    <message>
        <source>Open a picture, then click a value in any map to see where it comes from.</source>
        <translation>打开一张图片，然后单击任意一张特征图中的值，查看它从哪里来。</translation>
    </message>
    <message>
        <source>Open a picture…</source>
        <translation>打开图片…</translation>
    </message>
    <message>
        <source>Open a second pipeline beside this one, and see where their maps differ</source>
        <translation>在这条流水线旁打开第二条，查看它们的特征图在哪里不同</translation>
    </message>
    <message>
        <source>Open as</source>
        <translation>打开为</translation>
    </message>
    <message>
        <source>Open as kernel</source>
        <translation>打开为核</translation>
    </message>
    <message>
        <source>Open as picture</source>
        <translation>打开为图片</translation>
    </message>
    <message>
        <source>Open as pipeline</source>
        <translation>打开为流水线</translation>
    </message>
    <message>
        <source>Open by content</source>
        <translation>按内容打开</translation>
    </message>
    <message>
        <source>Open or fold the explanation, learning, histogram, spectrum, history and messages</source>
        <translation>展开或折叠解释、学习、直方图、频谱、历史和消息</translation>
    </message>
    <message>
        <source>Open pictures, pipelines and kernels</source>
        <translation>打开图片、流水线和核</translation>
    </message>
    <message>
        <source>Open the folder of results</source>
        <translation>打开结果文件夹</translation>
    </message>
    <message>
        <source>Open the picture, file, pipeline or kernel on the clipboard</source>
        <translation>打开剪贴板上的图片、文件、流水线或核</translation>
    </message>
    <message>
        <source>Open the restored picture in place of the present one; Undo brings that back</source>
        <translation>打开复原的图片以代替当前图片；撤销可恢复原来的图片</translation>
    </message>
    <message>
        <source>Open what is on the clipboard</source>
        <translation>打开剪贴板上的内容</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>打开 {name}</translation>
    </message>
    <message>
        <source>Opened recently</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>开运算</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>正在打开 {name}…</translation>
    </message>
    <message>
        <source>Operand</source>
        <translation>操作数</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>运算</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>算子</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Or begin with a sample picture</source>
        <translation>或从一张示例图片开始</translation>
    </message>
    <message>
        <source>Or choose what the layers are to do</source>
        <translation>或选择各层要做什么</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>阶</translation>
    </message>
    <message>
        <source>Order of the derivative.</source>
        <translation>导数的阶数。</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Otsu's threshold</source>
        <translation>大津阈值</translation>
    </message>
    <message>
        <source>Output channels</source>
        <translation>输出通道数</translation>
    </message>
    <message>
        <source>Output padding</source>
        <translation>输出填充</translation>
    </message>
    <message>
        <source>Output size</source>
        <translation>输出大小</translation>
    </message>
    <message>
        <source>Over</source>
        <translation>沿</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Own window</source>
        <translation>单独窗口</translation>
    </message>
    <message>
        <source>PICTURE</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>PNG, JPEG, WebP, GIF, BMP, TIFF, PNM, AVIF, HEIC, JPEG XL, JPEG 2000 and .npy are read</source>
        <translation>可读取 PNG、JPEG、WebP、GIF、BMP、TIFF、PNM、AVIF、HEIC、JPEG XL、JPEG 2000 和 .npy</translation>
    </message>
    <message>
        <source>PNG, as shown</source>
        <translation>PNG，与显示相同</translation>
    </message>
    <message>
        <source>PNG, as shown, 16 bits</source>
        <translation>PNG，与显示相同，16 位</translation>
    </message>
    <message>
        <source>PNG, colours as chosen</source>
        <translation>PNG，按所选颜色</translation>
    </message>
    <message>
        <source>PReLU</source>
        <translation>PReLU</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Pad</source>
        <translation>填充层</translation>
    </message>
    <message>
        <source>Padding</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Padding mode</source>
        <translation>填充模式</translation>
    </message>
    <message>
        <source>Paint on the spectrum of {node}</source>
        <translation>在 {node} 的频谱上绘制</translation>
    </message>
    <message>
        <source>Paint: drag over cells to give them the number beside; the right button always does</source>
        <translation>绘制：在单元格上拖动，赋予旁边的数值；按住右键拖动总是如此</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>成对</translation>
    </message>
    <message>
        <source>Panels below the maps</source>
        <translation>特征图下方的面板</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Part of the region in the padding</source>
        <translation>其中填充部分</translation>
    </message>
    <message>
        <source>Parts of</source>
        <translation>随机裁块的边长</translation>
    </message>
    <message>
        <source>Passes the frequencies of a band, in all directions alike, and stops the others.</source>
        <translation>让一个频带内的频率通过，各方向相同，阻止其余频率。</translation>
    </message>
    <message>
        <source>Passes through all training pictures</source>
        <translation>遍历全部训练图片的次数</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Paste into</source>
        <translation>粘贴到</translation>
    </message>
    <message>
        <source>Paste picture</source>
        <translation>粘贴图片</translation>
    </message>
    <message>
        <source>Paste pipeline</source>
        <translation>粘贴流水线</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pause learning</source>
        <translation>暂停学习</translation>
    </message>
    <message>
        <source>Peak signal-to-noise ratio, 20 log₁₀(1 / RMS): of pictures, whose values lie between 0 and 1</source>
        <translation>峰值信噪比，20 log₁₀(1 / RMS)：用于值在 0 到 1 之间的图片</translation>
    </message>
    <message>
        <source>Pearson's correlation of the values of A with those of B; none where one map is constant</source>
        <translation>A 与 B 的值的皮尔逊相关系数；若一张特征图为常数则没有</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>百分位数</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>相位</translation>
    </message>
    <message>
        <source>Phase: 0 is even, a line; π/2 odd, an edge.</source>
        <translation>相位：0 为偶，对应线；π/2 为奇，对应边缘。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Picture, {width} × {height}</source>
        <translation>图片，{width} × {height}</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures and folders</source>
        <translation>图片和文件夹</translation>
    </message>
    <message>
        <source>Pictures for the batch</source>
        <translation>批处理的图片</translation>
    </message>
    <message>
        <source>Pictures that failed</source>
        <translation>失败的图片</translation>
    </message>
    <message>
        <source>Pictures, and folders of pictures; files can be dropped here</source>
        <translation>图片和装有图片的文件夹；可将文件拖放到此处</translation>
    </message>
    <message>
        <source>Pin the middle of this region</source>
        <translation>钉住此区域的中心</translation>
    </message>
    <message>
        <source>Pin this value</source>
        <translation>钉住此值</translation>
    </message>
    <message>
        <source>Pin what was pinned before</source>
        <translation>钉住之前钉住的值</translation>
    </message>
    <message>
        <source>Pinned channel</source>
        <translation>钉住的通道</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>流水线</translation>
    </message>
    <message>
        <source>Pipeline, 1 layer</source>
        <translation>流水线，1 层</translation>
    </message>
    <message>
        <source>Pipeline, weights as tensors</source>
        <translation>流水线，权重存为张量</translation>
    </message>
    <message>
        <source>Pipeline, weights as text</source>
        <translation>流水线，权重存为文本</translation>
    </message>
    <message>
        <source>Pipeline, {n} layers</source>
        <translation>流水线，{n} 层</translation>
    </message>
    <message>
        <source>Pipelines</source>
        <translation>流水线</translation>
    </message>
    <message>
        <source>Pixel shuffle</source>
        <translation>像素重排</translation>
    </message>
    <message>
        <source>Pixel unshuffle</source>
        <translation>像素反重排</translation>
    </message>
    <message>
        <source>Play no animation unless asked to</source>
        <translation>不自动播放动画</translation>
    </message>
    <message>
        <source>Plots log10(1 + count), so that rare values can be seen</source>
        <translation>高度为 log10(1 + 个数)，使罕见的值也看得见</translation>
    </message>
    <message>
        <source>Plots the logarithm of the loss, so that the last steps can be seen, too</source>
        <translation>高度为十进制对数，使最后几步也看得见</translation>
    </message>
    <message>
        <source>Point to a map to see what it reads; click a map to go there.</source>
        <translation>指向一张特征图可看到它读取什么；单击可转到该图。</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>汇聚</translation>
    </message>
    <message>
        <source>Position and values under the cursor</source>
        <translation>光标处的位置和值</translation>
    </message>
    <message>
        <source>Position of the window</source>
        <translation>窗口的位置</translation>
    </message>
    <message>
        <source>Power-average pooling</source>
        <translation>幂平均汇聚</translation>
    </message>
    <message>
        <source>Predict again</source>
        <translation>重新预测</translation>
    </message>
    <message>
        <source>Predict first</source>
        <translation>先预测</translation>
    </message>
    <message>
        <source>Prediction minus target: red is too much, blue too little</source>
        <translation>预测减目标：红色偏大，蓝色偏小</translation>
    </message>
    <message>
        <source>Preset {preset} for {node}</source>
        <translation>为 {node} 选用 {preset}</translation>
    </message>
    <message>
        <source>Preview of {name} at 1/{n} of its size; the whole picture is being read</source>
        <translation>{name} 的预览，大小为 1/{n}；正在读取完整图片</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Previous layer</source>
        <translation>上一层</translation>
    </message>
    <message>
        <source>Previous step of the lesson</source>
        <translation>课程的上一步</translation>
    </message>
    <message>
        <source>Previous window</source>
        <translation>上一个窗口</translation>
    </message>
    <message>
        <source>Prewitt</source>
        <translation>Prewitt</translation>
    </message>
    <message>
        <source>Prewitt compass</source>
        <translation>Prewitt 罗盘算子</translation>
    </message>
    <message>
        <source>Prewitt's compass gradient.</source>
        <translation>Prewitt 的罗盘梯度。</translation>
    </message>
    <message>
        <source>Probability that training would have set a value to 0; not used here.</source>
        <translation>训练时把值设为 0 的概率；这里不使用。</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>积</translation>
    </message>
    <message>
        <source>Products of a column and a row, the largest first; all of them together are the kernel</source>
        <translation>列与行的乘积，最大的在先；全部相加就是该卷积核</translation>
    </message>
    <message>
        <source>Profile: {what}, {place}</source>
        <translation>剖面线：{what}，{place}</translation>
    </message>
    <message>
        <source>Psi</source>
        <translation>相位 ψ</translation>
    </message>
    <message>
        <source>Pulls the weights towards zero</source>
        <translation>把权重拉向零</translation>
    </message>
    <message>
        <source>Put a layer after the selected one</source>
        <translation>在选中的层之后添加一层</translation>
    </message>
    <message>
        <source>Put each batch norm into the convolution beside it: the same numbers from fewer layers</source>
        <translation>把每个批归一化并入相邻的卷积：数值不变，层数更少</translation>
    </message>
    <message>
        <source>Put it back here</source>
        <translation>放回此处</translation>
    </message>
    <message>
        <source>Put kernel {name} into {node}</source>
        <translation>把核 {name} 放入 {node}</translation>
    </message>
    <message>
        <source>Put notches on peaks</source>
        <translation>在峰上放置陷波</translation>
    </message>
    <message>
        <source>Put the weights of the shown step into the pipeline, as one edit</source>
        <translation>把所显示一步的权重放入流水线，作为一次编辑</translation>
    </message>
    <message>
        <source>Put the weights of the step with the smallest loss into the pipeline, as one edit</source>
        <translation>将损失最小的一步的权重放入流水线，作为一次编辑</translation>
    </message>
    <message>
        <source>Put this kernel beside the network as a layer, with the best single kernel for the whole picture</source>
        <translation>把这个核作为一层放在网络旁边，同时放上对整张图片最好的单个核</translation>
    </message>
    <message>
        <source>Puts notches on the waves that stand out, such as those of a grid</source>
        <translation>在突出的波（例如网格的波）上放置陷波</translation>
    </message>
    <message>
        <source>PyTorch adds a bias by default</source>
        <translation>PyTorch 默认会加偏置</translation>
    </message>
    <message>
        <source>PyTorch does not turn the kernel around: its weights are those of this layer, rotated</source>
        <translation>PyTorch 不翻转卷积核：其权重是此层权重旋转 180 度后的结果</translation>
    </message>
    <message>
        <source>PyTorch has nothing that does the same</source>
        <translation>PyTorch 中没有等效的运算</translation>
    </message>
    <message>
        <source>PyTorch source, weights beside it</source>
        <translation>PyTorch 源代码，权重存于同名文件</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Quotient</source>
        <translation>商</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>RGB pictures</source>
        <translation>RGB 图像</translation>
    </message>
    <message>
        <source>RGB to HSV</source>
        <translation>RGB 转 HSV</translation>
    </message>
    <message>
        <source>RGB to Lab</source>
        <translation>RGB 转 Lab</translation>
    </message>
    <message>
        <source>RGB to grey</source>
        <translation>RGB 转灰度</translation>
    </message>
    <message>
        <source>RMS error {n}</source>
        <translation>均方根误差 {n}</translation>
    </message>
    <message>
        <source>RMSprop</source>
        <translation>RMSprop</translation>
    </message>
    <message>
        <source>Radius</source>
        <translation>半径</translation>
    </message>
    <message>
        <source>Radius of the notch, in cycles a pixel</source>
        <translation>陷波的半径，单位为周期/像素</translation>
    </message>
    <message>
        <source>Ran&amp;dom</source>
        <translation>随机(&amp;D)</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Random numbers of a normal distribution, by the seed</source>
        <translation>按种子生成的正态随机数</translation>
    </message>
    <message>
        <source>Random numbers, different ones each time</source>
        <translation>随机数，每按一次都不同</translation>
    </message>
    <message>
        <source>Random weights: choose a target under Learn</source>
        <translation>随机权重：在“学习”页中选择目标</translation>
    </message>
    <message>
        <source>Randomise</source>
        <translation>随机化</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Range as typed</source>
        <translation>键入的范围</translation>
    </message>
    <message>
        <source>Range of 99 % of the values</source>
        <translation>99% 的值的范围</translation>
    </message>
    <message>
        <source>Range of each layer</source>
        <translation>显示范围：每层</translation>
    </message>
    <message>
        <source>Range of each map</source>
        <translation>显示范围：每张特征图</translation>
    </message>
    <message>
        <source>Range of the colours</source>
        <translation>颜色的范围</translation>
    </message>
    <message>
        <source>Range: {range}</source>
        <translation>范围：{range}</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>比值</translation>
    </message>
    <message>
        <source>ReLU</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>ReLU6</source>
        <translation>ReLU6</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Reads handwritten digits, 98 % of them correctly</source>
        <translation>识别手写数字，准确率 98%</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Receptive field</source>
        <translation>感受野</translation>
    </message>
    <message>
        <source>Red, green and blue of hue in turns, saturation and value.</source>
        <translation>由色相（以整圈为单位）、饱和度和明度得到的红、绿、蓝。</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Redo {what}</source>
        <translation>重做 {what}</translation>
    </message>
    <message>
        <source>Reduce</source>
        <translation>归约</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>减少动画</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>各层的区域</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove layer</source>
        <translation>删除层</translation>
    </message>
    <message>
        <source>Remove {what}</source>
        <translation>删除 {what}</translation>
    </message>
    <message>
        <source>Removes all notches and bands</source>
        <translation>删除所有陷波和频带</translation>
    </message>
    <message>
        <source>Removes waves of one frequency and direction, and leaves flat parts; the larger, the narrower.</source>
        <translation>去除某一频率和方向的波，保留平坦部分；核越大，去除的频带越窄。</translation>
    </message>
    <message>
        <source>Rename {old} to {new}</source>
        <translation>把 {old} 重命名为 {new}</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Repeat to RGB</source>
        <translation>重复为 RGB</translation>
    </message>
    <message>
        <source>Replace files that exist</source>
        <translation>替换已存在的文件</translation>
    </message>
    <message>
        <source>Replace the kernel by the matrix in the clipboard</source>
        <translation>用剪贴板中的矩阵替换卷积核</translation>
    </message>
    <message>
        <source>Replace them</source>
        <translation>替换它们</translation>
    </message>
    <message>
        <source>Rescale</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Reset {parameter} of {node}</source>
        <translation>重置 {node} 的{parameter}</translation>
    </message>
    <message>
        <source>Residual</source>
        <translation>残差</translation>
    </message>
    <message>
        <source>Residual over the iterations</source>
        <translation>残差随迭代的变化</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Resize all to {side} × {side}</source>
        <translation>全部缩放到 {side} × {side}</translation>
    </message>
    <message>
        <source>Resize to {height} × {width}</source>
        <translation>缩放到 {height} × {width}</translation>
    </message>
    <message>
        <source>Resize, 0 to 255</source>
        <translation>缩放尺寸，0 到 255</translation>
    </message>
    <message>
        <source>Resize, ImageNet mean and deviation</source>
        <translation>缩放尺寸，ImageNet 均值与标准差</translation>
    </message>
    <message>
        <source>Resize, −1 to 1</source>
        <translation>缩放尺寸，−1 到 1</translation>
    </message>
    <message>
        <source>Resizes maps to the given size, as torch.nn.functional.interpolate(size=size).</source>
        <translation>给定大小的图，同 torch.nn.functional.interpolate(size=size)。</translation>
    </message>
    <message>
        <source>Responds strongly to an edge whose bright side lies in one of eight directions.</source>
        <translation>对亮侧在八个方向之一的边缘有强烈反应。</translation>
    </message>
    <message>
        <source>Responds to bright lines in one direction.</source>
        <translation>对某一方向的亮线有响应。</translation>
    </message>
    <message>
        <source>Restore the picture with these answers; the work stays as it is until you keep the result</source>
        <translation>按这些设置复原图片；保留结果之前，现有工作不变</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>复原的图片</translation>
    </message>
    <message>
        <source>Richardson-Lucy</source>
        <translation>Richardson-Lucy</translation>
    </message>
    <message>
        <source>Richardson-Lucy counts the few negative weights of the kernel as 0</source>
        <translation>Richardson-Lucy 把卷积核中少数负权重当作 0</translation>
    </message>
    <message>
        <source>Richardson-Lucy needs a kernel without negative weights; these sum to {0}, the others to {1}</source>
        <translation>Richardson-Lucy 需要没有负权重的卷积核；这里负权重之和为 {0}，其余为 {1}</translation>
    </message>
    <message>
        <source>Richardson-Lucy needs a picture without negative values; these go from {0} to {1}</source>
        <translation>Richardson-Lucy 需要没有负值的图片；这里的值从 {0} 到 {1}</translation>
    </message>
    <message>
        <source>Richardson-Lucy with a price on the total variation</source>
        <translation>对全变差加惩罚的 Richardson-Lucy</translation>
    </message>
    <message>
        <source>Richardson-Lucy with total variation</source>
        <translation>带全变差的 Richardson-Lucy</translation>
    </message>
    <message>
        <source>Ridge</source>
        <translation>脊线</translation>
    </message>
    <message>
        <source>Right or Enter unfolds it</source>
        <translation>按右方向键或回车展开</translation>
    </message>
    <message>
        <source>Roberts cross</source>
        <translation>Roberts 交叉</translation>
    </message>
    <message>
        <source>Robinson</source>
        <translation>Robinson</translation>
    </message>
    <message>
        <source>Rocket</source>
        <translation>火箭</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>Rotate by 90 degrees, clockwise</source>
        <translation>顺时针旋转 90 度</translation>
    </message>
    <message>
        <source>Rounding</source>
        <translation>取整方式</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Row and column of the largest difference</source>
        <translation>差最大处的行和列</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Rows and columns added after; less than stride or dilation.</source>
        <translation>在末端添加的行和列；小于步幅或扩张。</translation>
    </message>
    <message>
        <source>Rows and columns of a tile</source>
        <translation>分块的行数与列数</translation>
    </message>
    <message>
        <source>Rows of lowest and highest frequency in any direction, and gain.</source>
        <translation>每行为任意方向上的最低频率、最高频率和增益。</translation>
    </message>
    <message>
        <source>Rows of u (along rows) and v (down columns), radius, gain; in cycles a pixel.</source>
        <translation>每行为 u（沿行方向）、v（沿列方向）、半径、增益；单位为周期/像素。</translation>
    </message>
    <message>
        <source>Run over many pictures</source>
        <translation>对多张图片运行</translation>
    </message>
    <message>
        <source>Run over many pictures…</source>
        <translation>对多张图片运行…</translation>
    </message>
    <message>
        <source>Run the pipeline over files and folders and write its maps</source>
        <translation>对文件和文件夹运行流水线，并写入其特征图</translation>
    </message>
    <message>
        <source>Running mean</source>
        <translation>移动平均的均值</translation>
    </message>
    <message>
        <source>Running var</source>
        <translation>移动平均的方差</translation>
    </message>
    <message>
        <source>S&amp;ubfolder</source>
        <translation>子文件夹(&amp;U)</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>东南</translation>
    </message>
    <message>
        <source>SELU</source>
        <translation>SELU</translation>
    </message>
    <message>
        <source>SW</source>
        <translation>西南</translation>
    </message>
    <message>
        <source>Same range</source>
        <translation>相同范围</translation>
    </message>
    <message>
        <source>Sample &amp;pictures…</source>
        <translation>示例图片(&amp;P)…</translation>
    </message>
    <message>
        <source>Sample picture</source>
        <translation>示例图片</translation>
    </message>
    <message>
        <source>Sample pictures</source>
        <translation>示例图片</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save &amp;maps…</source>
        <translation>保存图(&amp;M)…</translation>
    </message>
    <message>
        <source>Save 1 file</source>
        <translation>保存 1 个文件</translation>
    </message>
    <message>
        <source>Save all maps of {node}…</source>
        <translation>保存 {node} 的所有图…</translation>
    </message>
    <message>
        <source>Save it, or close the window and discard it.</source>
        <translation>保存它，或关闭窗口并放弃它。</translation>
    </message>
    <message>
        <source>Save maps</source>
        <translation>保存特征图</translation>
    </message>
    <message>
        <source>Save maps as pictures or as numbers</source>
        <translation>把特征图保存为图片或数值</translation>
    </message>
    <message>
        <source>Save pipeline</source>
        <translation>保存流水线</translation>
    </message>
    <message>
        <source>Save pipeline &amp;as…</source>
        <translation>流水线另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Save the comparison as picture…</source>
        <translation>将比较保存为图片…</translation>
    </message>
    <message>
        <source>Save the explanation as SVG or PNG…</source>
        <translation>将解释保存为 SVG 或 PNG…</translation>
    </message>
    <message>
        <source>Save the restored picture…</source>
        <translation>保存复原的图片…</translation>
    </message>
    <message>
        <source>Save the sliding window as animation</source>
        <translation>将滑动窗口保存为动画</translation>
    </message>
    <message>
        <source>Save the sliding window as animation…</source>
        <translation>将滑动窗口保存为动画…</translation>
    </message>
    <message>
        <source>Save this map…</source>
        <translation>保存此图…</translation>
    </message>
    <message>
        <source>Save {n} files</source>
        <translation>保存 {n} 个文件</translation>
    </message>
    <message>
        <source>Saved 1 file in {folder}</source>
        <translation>已在 {folder} 中保存 1 个文件</translation>
    </message>
    <message>
        <source>Saved {name}</source>
        <translation>已保存 {name}</translation>
    </message>
    <message>
        <source>Saved {n} files in {folder}</source>
        <translation>已在 {folder} 中保存 {n} 个文件</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Say in a sentence which commands set two filters side by side</source>
        <translation>用一句话说明哪些命令可将两个滤波器并排比较</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>Scale and shift</source>
        <translation>缩放与平移</translation>
    </message>
    <message>
        <source>Scale so that the cells add up to 1: the picture keeps its brightness</source>
        <translation>缩放到各格之和为 1：图片保持亮度</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>尺度数</translation>
    </message>
    <message>
        <source>Scharr</source>
        <translation>Scharr</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率调度</translation>
    </message>
    <message>
        <source>Search for a command</source>
        <translation>要查找的命令</translation>
    </message>
    <message>
        <source>Search for a layer</source>
        <translation>要查找的层</translation>
    </message>
    <message>
        <source>Search…</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>Second derivative in all directions: zero on ramps, with both signs along an edge.</source>
        <translation>各方向的二阶导数：斜坡上为零，边缘两侧符号相反。</translation>
    </message>
    <message>
        <source>Second derivative of a smoothed picture; the cells sum to exactly 0.</source>
        <translation>平滑后图片的二阶导数；各格之和恰为 0。</translation>
    </message>
    <message>
        <source>Seconds for each side</source>
        <translation>每一边的秒数</translation>
    </message>
    <message>
        <source>See the waves that the selected map is made of, and take out grids and moiré</source>
        <translation>查看选中的特征图由哪些波组成，并去除网格和摩尔纹</translation>
    </message>
    <message>
        <source>See which maps the edits since the last saving have changed, and how</source>
        <translation>查看上次保存以来的编辑改变了哪些特征图，以及如何改变</translation>
    </message>
    <message>
        <source>See which maps the last edit has changed, and how: before and after learning, for example</source>
        <translation>查看上一次编辑改变了哪些特征图，以及如何改变：例如学习前后</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Set all cells to 0</source>
        <translation>所有格子为 0</translation>
    </message>
    <message>
        <source>Set as A</source>
        <translation>设为 A</translation>
    </message>
    <message>
        <source>Set to identity</source>
        <translation>恒等化</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Share of the window's values that lie below: 0 the smallest, 50 the median, 100 the largest.</source>
        <translation>窗口中低于该值的数值所占的百分比：0 为最小值，50 为中位数，100 为最大值。</translation>
    </message>
    <message>
        <source>Share of values that are exactly zero</source>
        <translation>恰好为零的值所占的比例</translation>
    </message>
    <message>
        <source>Share the value as a page…</source>
        <translation>把该值分享为网页…</translation>
    </message>
    <message>
        <source>Sharpen</source>
        <translation>锐化</translation>
    </message>
    <message>
        <source>Sharpness of the bend at 0.</source>
        <translation>0 处弯折的尖锐程度。</translation>
    </message>
    <message>
        <source>Shear</source>
        <translation>错切</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Show all columns</source>
        <translation>显示所有列</translation>
    </message>
    <message>
        <source>Show all columns; hidden: {names}</source>
        <translation>显示所有列；已隐藏：{names}</translation>
    </message>
    <message>
        <source>Show all messages</source>
        <translation>显示所有消息</translation>
    </message>
    <message>
        <source>Show alone</source>
        <translation>单独显示</translation>
    </message>
    <message>
        <source>Show blurred and restored picture</source>
        <translation>显示模糊图片与复原图片</translation>
    </message>
    <message>
        <source>Show its edges</source>
        <translation>显示它的边缘</translation>
    </message>
    <message>
        <source>Show learning</source>
        <translation>显示学习</translation>
    </message>
    <message>
        <source>Show only the selected column</source>
        <translation>只显示选中的列</translation>
    </message>
    <message>
        <source>Show only this column</source>
        <translation>只显示此列</translation>
    </message>
    <message>
        <source>Show or hide maps</source>
        <translation>显示或隐藏图</translation>
    </message>
    <message>
        <source>Show over the picture how much each pixel influences the pinned value</source>
        <translation>在图片上显示每个像素对钉住的值影响多大</translation>
    </message>
    <message>
        <source>Show the answer</source>
        <translation>显示答案</translation>
    </message>
    <message>
        <source>Show the columns of all layers side by side, in tiles as small as that needs</source>
        <translation>并排显示所有层的列，图块按需缩小</translation>
    </message>
    <message>
        <source>Show the entries of vectors, such as the scores of classes, from the largest to the smallest</source>
        <translation>将向量的各项（例如各类别的得分）从大到小显示</translation>
    </message>
    <message>
        <source>Show the frequency response large</source>
        <translation>放大显示频率响应</translation>
    </message>
    <message>
        <source>Show the learning panel large, in a window of its own, or put it back</source>
        <translation>在单独的窗口中放大显示学习面板，或将其放回</translation>
    </message>
    <message>
        <source>Show the least-squares kernel, and how far the shown kernel is from it</source>
        <translation>直接显示最小二乘给出的核，以及所显示的核与它相差多少</translation>
    </message>
    <message>
        <source>Show the newest step</source>
        <translation>显示最新一步</translation>
    </message>
    <message>
        <source>Show the next iteration</source>
        <translation>显示下一次迭代</translation>
    </message>
    <message>
        <source>Show the next step</source>
        <translation>显示下一步</translation>
    </message>
    <message>
        <source>Show the other side</source>
        <translation>显示另一边</translation>
    </message>
    <message>
        <source>Show the previous iteration</source>
        <translation>显示上一次迭代</translation>
    </message>
    <message>
        <source>Show the previous step</source>
        <translation>显示上一步</translation>
    </message>
    <message>
        <source>Show the start</source>
        <translation>显示起点</translation>
    </message>
    <message>
        <source>Show the step with the smallest loss</source>
        <translation>显示损失最小的一步</translation>
    </message>
    <message>
        <source>Show what a closing fills instead: dark parts smaller than the window.</source>
        <translation>改为显示闭运算填补的部分：小于窗口的暗处。</translation>
    </message>
    <message>
        <source>Show what no layer carries, and why</source>
        <translation>显示没有任何层能承载的部分及其原因</translation>
    </message>
    <message>
        <source>SiLU</source>
        <translation>SiLU</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排</translation>
    </message>
    <message>
        <source>Side of the block of cells that r * r channels make.</source>
        <translation>由 r * r 个通道组成的方块的边长。</translation>
    </message>
    <message>
        <source>Side of the random crop that each step sees, in cells; empty: the whole picture</source>
        <translation>每一步只看边长为这么多格的随机部分；留空：全部</translation>
    </message>
    <message>
        <source>Sigma</source>
        <translation>σ</translation>
    </message>
    <message>
        <source>Sigma space</source>
        <translation>空间标准差</translation>
    </message>
    <message>
        <source>Sigma value</source>
        <translation>数值标准差</translation>
    </message>
    <message>
        <source>Sigmoid</source>
        <translation>Sigmoid</translation>
    </message>
    <message>
        <source>Single</source>
        <translation>单图</translation>
    </message>
    <message>
        <source>Single map</source>
        <translation>单张特征图</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>图片的大小</translation>
    </message>
    <message>
        <source>Size of the tiles</source>
        <translation>图块大小</translation>
    </message>
    <message>
        <source>Size of the tiles; also Ctrl and the wheel on the head of a column</source>
        <translation>图块大小；也可在列标题上按住 Ctrl 滚动滚轮</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>Slice of the weights</source>
        <translation>权重的切片</translation>
    </message>
    <message>
        <source>Slide the window</source>
        <translation>滑动窗口</translation>
    </message>
    <message>
        <source>Slide the window over the map</source>
        <translation>在图上滑动窗口</translation>
    </message>
    <message>
        <source>Slope for values below 0.</source>
        <translation>值小于 0 时的斜率。</translation>
    </message>
    <message>
        <source>Slope for values below 0: one number, or one for each channel.</source>
        <translation>值小于 0 时的斜率：一个数，或每个通道一个。</translation>
    </message>
    <message>
        <source>Small kernels one after the other: exact where the kernel has factors, else the closest</source>
        <translation>小卷积核依次相接：卷积核可分解时精确，否则取最接近的</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Smaller tiles</source>
        <translation>缩小图块</translation>
    </message>
    <message>
        <source>Smallest finite value</source>
        <translation>最小的有限值</translation>
    </message>
    <message>
        <source>Smallest value of the output.</source>
        <translation>输出的最小值。</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Smooths equally in all directions; separable.</source>
        <translation>平滑，不偏向任何方向；可分离。</translation>
    </message>
    <message>
        <source>Sobel</source>
        <translation>Sobel</translation>
    </message>
    <message>
        <source>Sobel across and down, and their magnitude</source>
        <translation>x、y 方向的 Sobel，及其幅值</translation>
    </message>
    <message>
        <source>Sobel's kernel in eight directions; opposite ones differ only in sign.</source>
        <translation>八个方向的 Sobel 核；相反方向只差符号。</translation>
    </message>
    <message>
        <source>Soft border</source>
        <translation>柔化边界</translation>
    </message>
    <message>
        <source>Soft shrink</source>
        <translation>软收缩</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
    <message>
        <source>Softplus</source>
        <translation>Softplus</translation>
    </message>
    <message>
        <source>Softsign</source>
        <translation>Softsign</translation>
    </message>
    <message>
        <source>Solve by least squares</source>
        <translation>用最小二乘求解</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出错了</translation>
    </message>
    <message>
        <source>Sorted by norm</source>
        <translation>按范数排序</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Spectrum</source>
        <translation>频谱</translation>
    </message>
    <message>
        <source>Spectrum mask</source>
        <translation>频谱掩模</translation>
    </message>
    <message>
        <source>Split {node}</source>
        <translation>拆分 {node}</translation>
    </message>
    <message>
        <source>Split…</source>
        <translation>拆分…</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Standard deviation in cells; by default 0.3 ((n - 1) / 2 - 1) + 0.8 for a side of n.</source>
        <translation>宽度；不给出时，边长 n 取 0.3 ((n - 1) / 2 - 1) + 0.8。</translation>
    </message>
    <message>
        <source>Standard deviation in cells; by default a sixth of the shorter side.</source>
        <translation>高斯的标准差 σ，单位为格；默认为短边的六分之一。</translation>
    </message>
    <message>
        <source>Standard deviation in cells; by default chosen to fit the size.</source>
        <translation>宽度；不给出时按大小确定。</translation>
    </message>
    <message>
        <source>Standard deviation of the Gaussian that smooths first; 0 for none.</source>
        <translation>先行平滑所用高斯函数的标准差；0 表示不平滑。</translation>
    </message>
    <message>
        <source>Standard deviation of the finest scale; by default the widest is a sixth of the shorter side.</source>
        <translation>最细尺度的标准差；默认使最宽的为较短边的六分之一。</translation>
    </message>
    <message>
        <source>Standard deviation of the finite values</source>
        <translation>有限值的标准差</translation>
    </message>
    <message>
        <source>Standard deviation of the finite values (dividing by n)</source>
        <translation>有限值的标准差，除以 n</translation>
    </message>
    <message>
        <source>Standard deviation of the noise, in the units of the picture, rounding left out; empty: estimated</source>
        <translation>噪声的标准差，以图片的单位计，不含舍入；留空则自动估计</translation>
    </message>
    <message>
        <source>Standard deviation of the second Gaussian, divided by that of the first.</source>
        <translation>第二个高斯与第一个的标准差之比。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>Start learning</source>
        <translation>开始学习</translation>
    </message>
    <message>
        <source>Start learning from the picture and the target, or continue after a pause</source>
        <translation>从图片和目标学习；暂停后继续</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>起始页</translation>
    </message>
    <message>
        <source>Start the lesson</source>
        <translation>开始课程</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Statistics of the comparison</source>
        <translation>比较的统计量</translation>
    </message>
    <message>
        <source>Std</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>Steepens edges. Sums to 1.</source>
        <translation>使边缘更陡。和为 1。</translation>
    </message>
    <message>
        <source>Steerable bank</source>
        <translation>可操纵核组</translation>
    </message>
    <message>
        <source>Steerable derivative</source>
        <translation>可控方向导数（steerable）</translation>
    </message>
    <message>
        <source>Steering</source>
        <translation>转向公式</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>Step that is shown</source>
        <translation>所显示的一步</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Steps against the gradient, with momentum where it is set</source>
        <translation>沿梯度的反方向，可带动量</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop comparing the pipelines, and go back to the maps</source>
        <translation>停止比较流水线，返回特征图</translation>
    </message>
    <message>
        <source>Stop computing</source>
        <translation>停止计算</translation>
    </message>
    <message>
        <source>Stop computing; maps that are not ready stay as they were</source>
        <translation>停止计算；尚未完成的图保持原样</translation>
    </message>
    <message>
        <source>Stop learning</source>
        <translation>停止学习</translation>
    </message>
    <message>
        <source>Stop reading (Esc)</source>
        <translation>停止读取（Esc）</translation>
    </message>
    <message>
        <source>Stop restoring</source>
        <translation>停止复原</translation>
    </message>
    <message>
        <source>Stopped after iteration {n}: {rule}.</source>
        <translation>在第 {n} 次迭代后停止：{rule}。</translation>
    </message>
    <message>
        <source>Stopped: {why}</source>
        <translation>已停止：{why}</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>Stripes in every direction</source>
        <translation>各个方向的条纹</translation>
    </message>
    <message>
        <source>Subfolder, may be empty</source>
        <translation>子文件夹，可以为空</translation>
    </message>
    <message>
        <source>Subtract the mean from every cell: flat parts of the picture become 0</source>
        <translation>每格减去平均值：图片的平坦处变为 0</translation>
    </message>
    <message>
        <source>Subtract the mean, so that flat areas give 0.</source>
        <translation>减去平均值，使平坦区域得 0。</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>和</translation>
    </message>
    <message>
        <source>Sum of the finite values</source>
        <translation>有限值之和</translation>
    </message>
    <message>
        <source>Swap left and right</source>
        <translation>左右互换</translation>
    </message>
    <message>
        <source>Swap rows and columns</source>
        <translation>行列互换</translation>
    </message>
    <message>
        <source>Swap top and bottom</source>
        <translation>上下互换</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>滑动</translation>
    </message>
    <message>
        <source>Swipe instead</source>
        <translation>改用滑动</translation>
    </message>
    <message>
        <source>Switch layer on or off</source>
        <translation>打开或关闭层</translation>
    </message>
    <message>
        <source>Switch off {what}</source>
        <translation>关闭 {what}</translation>
    </message>
    <message>
        <source>Switch on {what}</source>
        <translation>打开 {what}</translation>
    </message>
    <message>
        <source>Symmetry</source>
        <translation>对称性</translation>
    </message>
    <message>
        <source>System language</source>
        <translation>系统语言</translation>
    </message>
    <message>
        <source>System theme</source>
        <translation>系统主题</translation>
    </message>
    <message>
        <source>TIFF, numbers</source>
        <translation>TIFF，数值</translation>
    </message>
    <message>
        <source>TIFF, numbers as float32</source>
        <translation>TIFF，float32 数值</translation>
    </message>
    <message>
        <source>Take out gain and offset</source>
        <translation>去掉增益和偏移</translation>
    </message>
    <message>
        <source>Take out the gain and the offset of the target's camera. Only the sum of the weights tells the gain from the kernel: it is held at 1</source>
        <translation>去掉拍摄目标的相机的增益和偏移。只有权重之和才能把增益与卷积核区分开：它固定为 1</translation>
    </message>
    <message>
        <source>Take the kernel from the clipboard: rows, CSV, Python or MATLAB</source>
        <translation>从剪贴板取核：行、CSV、Python 或 MATLAB</translation>
    </message>
    <message>
        <source>Take the selected map as A, with which another is to be compared</source>
        <translation>将选中的特征图作为 A，供另一张与之比较</translation>
    </message>
    <message>
        <source>Take them out</source>
        <translation>去除</translation>
    </message>
    <message>
        <source>Take waves out by {node}</source>
        <translation>用 {node} 去除波</translation>
    </message>
    <message>
        <source>Taken off the mean: the larger, the more values become 1.</source>
        <translation>从均值中减去的量：越大，变为 1 的数值越多。</translation>
    </message>
    <message>
        <source>Takes one channel of each group in turn, so that the next grouped layer mixes them; Zhang et al. 2018.</source>
        <translation>依次从每组取一个通道，使下一个分组层能混合各组；Zhang 等 2018。</translation>
    </message>
    <message>
        <source>Tanh</source>
        <translation>Tanh</translation>
    </message>
    <message>
        <source>Tanh shrink</source>
        <translation>双曲正切收缩</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Test what the last layer of the open pipeline gives on other pictures</source>
        <translation>在别的图片上测试打开的流水线最后一层的结果</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Text under uneven light, by two thresholds</source>
        <translation>光照不均的文字，用两种阈值</translation>
    </message>
    <message>
        <source>The Gaussian sampled at the centre of each cell, or averaged over the cell.</source>
        <translation>每格中心处的高斯值，或格内的平均。</translation>
    </message>
    <message>
        <source>The answer: {answer}</source>
        <translation>答案：{answer}</translation>
    </message>
    <message>
        <source>The arithmetic of one value</source>
        <translation>一个值的算式</translation>
    </message>
    <message>
        <source>The axes along which the values are taken together.</source>
        <translation>把哪些轴上的值合在一起计算。</translation>
    </message>
    <message>
        <source>The axes from the slowest to the fastest: C channels, H rows, W columns.</source>
        <translation>从变化最慢到最快的轴：C 通道，H 行，W 列。</translation>
    </message>
    <message>
        <source>The blur of a camera that moved in a straight line.</source>
        <translation>相机沿直线移动造成的模糊。</translation>
    </message>
    <message>
        <source>The blur of a lens out of focus.</source>
        <translation>镜头失焦造成的模糊。</translation>
    </message>
    <message>
        <source>The blurred picture</source>
        <translation>被模糊的图片</translation>
    </message>
    <message>
        <source>The brighter side; each step turns counter-clockwise.</source>
        <translation>较亮的一侧；每一步逆时针转动。</translation>
    </message>
    <message>
        <source>The cells of the cross, or of the whole window.</source>
        <translation>十字上的格子，或整个窗口的格子。</translation>
    </message>
    <message>
        <source>The channel before which the slice ends; all by default.</source>
        <translation>切片在此通道之前结束；默认取到末尾。</translation>
    </message>
    <message>
        <source>The channels of the inputs one after the other, as torch.cat along the channel axis.</source>
        <translation>各输入的通道依次排列，同沿通道轴的 torch.cat。</translation>
    </message>
    <message>
        <source>The channels with the largest weights first</source>
        <translation>权重最大的通道排在最前</translation>
    </message>
    <message>
        <source>The clipboard holds nothing that can be opened</source>
        <translation>剪贴板上没有可打开的内容</translation>
    </message>
    <message>
        <source>The constant; an axis of 1 stands for all channels, rows or columns.</source>
        <translation>常数；长度为 1 的轴代表所有通道、行或列。</translation>
    </message>
    <message>
        <source>The contribution of each input channel, and their sum</source>
        <translation>每个输入通道单独给出的结果，以及它们的和</translation>
    </message>
    <message>
        <source>The damaged session file could not be renamed</source>
        <translation>损坏的会话文件无法重命名</translation>
    </message>
    <message>
        <source>The direction of the line through the pinned value along which values are drawn</source>
        <translation>经过钉住的值、要画出其数值的直线</translation>
    </message>
    <message>
        <source>The exact function, or its approximation by tanh.</source>
        <translation>精确的函数，或用 tanh 的近似。</translation>
    </message>
    <message>
        <source>The exercise cannot be checked</source>
        <translation>无法检查这道练习</translation>
    </message>
    <message>
        <source>The explanation was copied</source>
        <translation>解释已复制</translation>
    </message>
    <message>
        <source>The few derivatives of a Gaussian of which every other direction is a stated sum.</source>
        <translation>高斯函数的几个导数，其他任何方向都是它们的给定加权和。</translation>
    </message>
    <message>
        <source>The first channel, from 0; negative numbers count from the end.</source>
        <translation>第一个通道，从 0 数起；负数从末尾数起。</translation>
    </message>
    <message>
        <source>The first derivative responds to edges, the second to lines; the higher, the narrower.</source>
        <translation>一阶导数响应边缘，二阶响应线条；阶数越高，方向越窄。</translation>
    </message>
    <message>
        <source>The first row and column; negative numbers count from the end.</source>
        <translation>第一行和第一列；负数从末尾数起。</translation>
    </message>
    <message>
        <source>The first that differs: {node}</source>
        <translation>第一个不同的：{node}</translation>
    </message>
    <message>
        <source>The frequency at which the band begins or ends.</source>
        <translation>频带开始或结束处的频率。</translation>
    </message>
    <message>
        <source>The frequency that is removed.</source>
        <translation>要去除的频率。</translation>
    </message>
    <message>
        <source>The gradient over the root of its running square</source>
        <translation>梯度除以其平方的移动平均的平方根</translation>
    </message>
    <message>
        <source>The gradient that led to this step: each weight moved against it</source>
        <translation>得到这一步所用的梯度：每个权重沿其反方向更新</translation>
    </message>
    <message>
        <source>The ideal kernel times a window, the least squared error outside the transition, or a filter of one axis turned into one of two.</source>
        <translation>理想核乘以窗函数，过渡带之外的最小二乘，或把一维滤波器变换为二维。</translation>
    </message>
    <message>
        <source>The kernel at each of these places, all channels together and all in one range. Equal kernels mean that one kernel is enough here; click one to go there.</source>
        <translation>各个位置上的核，所有通道相加，共用同一范围。核若相同，说明这里一个核就够了；点击其中一个即可前往。</translation>
    </message>
    <message>
        <source>The kernel is applied as it is printed.</source>
        <translation>核按所写的样子放在图片上。</translation>
    </message>
    <message>
        <source>The kernel is rotated by 180 degrees before it is applied.</source>
        <translation>核先旋转 180 度，再放在图片上。</translation>
    </message>
    <message>
        <source>The kernels of a layer have one size</source>
        <translation>一个层的各卷积核大小相同</translation>
    </message>
    <message>
        <source>The largest absolute difference</source>
        <translation>最大的绝对差</translation>
    </message>
    <message>
        <source>The largest absolute difference of the maps of this node</source>
        <translation>这个节点的特征图的最大绝对差</translation>
    </message>
    <message>
        <source>The largest difference as a share of the larger range of both maps</source>
        <translation>最大差占两张特征图中较大范围的比例</translation>
    </message>
    <message>
        <source>The largest difference is {value}, in channel {channel}, row {row}, column {col}.</source>
        <translation>最大的差是 {value}，在通道 {channel}，行 {row}，列 {col}。</translation>
    </message>
    <message>
        <source>The largest of the inputs; NaN wins, ties go to the first.</source>
        <translation>各输入中的最大值；NaN 优先，相同时取第一个。</translation>
    </message>
    <message>
        <source>The largest value of each of output_size windows that divide the map; as torch.nn.AdaptiveMaxPool2d.</source>
        <translation>共 output_size 个窗口分摊整张特征图，取各窗口的最大值；同 torch.nn.AdaptiveMaxPool2d。</translation>
    </message>
    <message>
        <source>The largest value of each window, channel by channel. Padding never wins; ties go to the first.</source>
        <translation>逐通道取每个窗口的最大值。填充不参与比较；并列时取第一个。</translation>
    </message>
    <message>
        <source>The largest value of the window around each cell: bright parts grow, dark ones shrink.</source>
        <translation>每个单元周围窗口中的最大值：亮的部分扩大，暗的部分缩小。</translation>
    </message>
    <message>
        <source>The last session was not restored</source>
        <translation>上次的会话没有恢复</translation>
    </message>
    <message>
        <source>The layer was not added</source>
        <translation>没有添加该层</translation>
    </message>
    <message>
        <source>The layer whose kernel has blurred it</source>
        <translation>用其卷积核把它模糊的层</translation>
    </message>
    <message>
        <source>The learning rate: how far a step goes</source>
        <translation>学习率：一步走多远</translation>
    </message>
    <message>
        <source>The length of the gradient (x, y) where it is largest along its direction, else 0: edges one cell wide.</source>
        <translation>梯度 (x, y) 的长度在其方向上最大处保留，否则为 0：边缘宽度为一个单元。</translation>
    </message>
    <message>
        <source>The lesson “{title}” cannot continue</source>
        <translation>课程“{title}”无法继续</translation>
    </message>
    <message>
        <source>The likeliest picture of photon counts; it has no negative values</source>
        <translation>按光子计数最可能的图片；没有负值</translation>
    </message>
    <message>
        <source>The limit for very negative values is -alpha.</source>
        <translation>很小的负值趋于 -alpha。</translation>
    </message>
    <message>
        <source>The linear estimate of the least mean square error, for the noise and the spectrum of the picture</source>
        <translation>按图片的噪声和频谱，均方误差最小的线性估计</translation>
    </message>
    <message>
        <source>The loss before each step. A click shows that step; the wheel zooms, a double click shows all.</source>
        <translation>每一步之前的损失。单击显示该步；滚轮缩放，双击显示全部。</translation>
    </message>
    <message>
        <source>The loss grew from {first} to {last}: the rate may be too large.</source>
        <translation>损失从 {first} 增长到 {last}：学习率可能太大。</translation>
    </message>
    <message>
        <source>The loss has not come to rest after {n} steps: a smaller rate may help.</source>
        <translation>{n} 步后损失仍未稳定：较小的学习率可能有帮助。</translation>
    </message>
    <message>
        <source>The loss still falls after {n} steps, so the weights are not yet right.</source>
        <translation>{n} 步后损失仍在下降，因此权重尚未正确。</translation>
    </message>
    <message>
        <source>The maps and their legend as they are shown, with the statistics as text in the file</source>
        <translation>按显示的样子保存特征图及其图例，统计量作为文本写入文件</translation>
    </message>
    <message>
        <source>The mask is on: what is painted changes its layer. Its border is circular.</source>
        <translation>掩模已启用：所绘内容会改变它的层。其边界是循环的。</translation>
    </message>
    <message>
        <source>The mask was not changed</source>
        <translation>掩模没有改变</translation>
    </message>
    <message>
        <source>The mean of each map: one number, as a map of 1x1, for each channel.</source>
        <translation>每张特征图的平均值：每个通道一个数，作为 1x1 的图。</translation>
    </message>
    <message>
        <source>The mean of each of output_size windows that divide the map; as torch.nn.AdaptiveAvgPool2d.</source>
        <translation>共 output_size 个窗口分摊整张特征图，取各窗口的平均值；同 torch.nn.AdaptiveAvgPool2d。</translation>
    </message>
    <message>
        <source>The mean of each window, channel by channel; as torch.nn.AvgPool2d.</source>
        <translation>逐通道取每个窗口的平均值；同 torch.nn.AvgPool2d。</translation>
    </message>
    <message>
        <source>The mean of the absolute differences</source>
        <translation>绝对差的平均值</translation>
    </message>
    <message>
        <source>The mean of the absolute errors: outliers count less</source>
        <translation>平均绝对误差（MAE）：离群值影响较小</translation>
    </message>
    <message>
        <source>The mean of the squared errors</source>
        <translation>均方误差（MSE）</translation>
    </message>
    <message>
        <source>The mean of the window, in which near and similar cells count most: noise goes, edges stay.</source>
        <translation>窗口的加权平均，近且相似的单元权重最大：噪声消失，边缘保留。</translation>
    </message>
    <message>
        <source>The mean of the window.</source>
        <translation>窗口的平均值。</translation>
    </message>
    <message>
        <source>The median, or another percentile, of each window without its padding; between two cells it is interpolated.</source>
        <translation>每个窗口（不含填充）的中位数或其他百分位数；落在两个单元之间时取插值。</translation>
    </message>
    <message>
        <source>The most memory that all processes may take together, as 800M or 4G; pictures that need more are done in tiles, with the numbers of the whole</source>
        <translation>所有进程合计最多可占用的内存，如 800M 或 4G；需要更多内存的图片会分块处理，数值与整幅处理相同</translation>
    </message>
    <message>
        <source>The most steps to make: learning ends before, once it has converged</source>
        <translation>最多的步数：收敛后学习会提前结束</translation>
    </message>
    <message>
        <source>The natural logarithm of softmax, without its rounding.</source>
        <translation>softmax 的自然对数，没有它的舍入误差。</translation>
    </message>
    <message>
        <source>The network of CNN Explainer, untrained</source>
        <translation>CNN Explainer 的网络，未经训练</translation>
    </message>
    <message>
        <source>The network takes {size}. How is the picture to be prepared for it? The highlighted way is most likely.</source>
        <translation>该网络的输入为 {size}。应如何为它预处理图片？突出显示的方式最有可能。</translation>
    </message>
    <message>
        <source>The next window</source>
        <translation>下一个窗口</translation>
    </message>
    <message>
        <source>The node whose map is to match the target</source>
        <translation>其图要变成目标的节点</translation>
    </message>
    <message>
        <source>The node's name: letters, digits and _ - . /; Enter renames it</source>
        <translation>节点的名称：字母、数字和 _ - . /；按 Enter 重命名</translation>
    </message>
    <message>
        <source>The nodes whose maps are written</source>
        <translation>要写入其特征图的节点</translation>
    </message>
    <message>
        <source>The nodes whose weights change; the others stay as they are</source>
        <translation>权重会改变的节点；其他保持不变</translation>
    </message>
    <message>
        <source>The numbers exactly as computed: signed, unclipped, float32.</source>
        <translation>与计算结果完全一致的数值：有符号，不截断，float32。</translation>
    </message>
    <message>
        <source>The output is linear in the kernel and the loss is a square, so least squares finds the best kernel at once. Start learns the same kernel step by step.</source>
        <translation>输出对卷积核是线性的，损失是平方，因此最小二乘可以一次求出最佳卷积核。“开始”则逐步学习同一个卷积核。</translation>
    </message>
    <message>
        <source>The output of a pipeline from a file, for this picture</source>
        <translation>文件中的流水线对此图片给出的结果</translation>
    </message>
    <message>
        <source>The output of the pipeline at the step shown</source>
        <translation>流水线在所显示一步给出的结果</translation>
    </message>
    <message>
        <source>The output of this pipeline with a named kernel in place</source>
        <translation>此流水线换用某个预设核的结果</translation>
    </message>
    <message>
        <source>The pasted picture was not saved for the next start</source>
        <translation>粘贴的图片没有为下次启动保留</translation>
    </message>
    <message>
        <source>The patch is filled from what the value sees, not from the whole picture.</source>
        <translation>遮挡块由该值所见的部分填充，而不是由整幅图片填充。</translation>
    </message>
    <message>
        <source>The path of the value</source>
        <translation>值的来源路径</translation>
    </message>
    <message>
        <source>The picture after filtering; the open picture is the one before</source>
        <translation>处理后的图片；打开的是处理前的图片</translation>
    </message>
    <message>
        <source>The picture and the layers it passes through, from top to bottom.</source>
        <translation>图片以及它自上而下经过的各层。</translation>
    </message>
    <message>
        <source>The picture as a relief: the picture itself plus its slope. Sums to 1.</source>
        <translation>浮雕效果：图片加上它的梯度。和为 1。</translation>
    </message>
    <message>
        <source>The picture before the blur</source>
        <translation>模糊之前的图片</translation>
    </message>
    <message>
        <source>The picture before the blur, where it is known: the gain is then told</source>
        <translation>模糊之前的图片（若已知），此时会给出增益</translation>
    </message>
    <message>
        <source>The picture is larger than memory: learning takes the middle of what is seen, rows {a} to {b} and columns {c} to {d}.</source>
        <translation>图片大于内存：只从所见部分的中间学习，第 {a} 到 {b} 行、第 {c} 到 {d} 列。</translation>
    </message>
    <message>
        <source>The picture is larger than memory: learning takes the part that is seen, rows {a} to {b} and columns {c} to {d}.</source>
        <translation>图片大于内存：只从所见的部分学习，第 {a} 到 {b} 行、第 {c} 到 {d} 列。</translation>
    </message>
    <message>
        <source>The picture is larger than memory: only what is seen is compared, rows {a} to {b} and columns {c} to {d}. Zoom or move to compare another part.</source>
        <translation>图片大于内存：只比较可见部分，第 {a} 至 {b} 行、第 {c} 至 {d} 列。缩放或移动可比较其他部分。</translation>
    </message>
    <message>
        <source>The picture of the least total variation whose blur agrees with the given one up to the noise</source>
        <translation>模糊后与给定图片在噪声范围内一致的图片中，全变差最小的一张</translation>
    </message>
    <message>
        <source>The picture sheared, scaled and turned about its centre, then moved; its size stays.</source>
        <translation>图片绕其中心错切、缩放并旋转，然后平移；大小不变。</translation>
    </message>
    <message>
        <source>The picture that the output is to match</source>
        <translation>输出要变成的图片</translation>
    </message>
    <message>
        <source>The picture turned anticlockwise about its centre.</source>
        <translation>图片绕其中心逆时针旋转。</translation>
    </message>
    <message>
        <source>The pipeline</source>
        <translation>流水线</translation>
    </message>
    <message>
        <source>The pipeline as it was</source>
        <translation>当时的流水线</translation>
    </message>
    <message>
        <source>The pipeline has no file yet</source>
        <translation>流水线还没有文件</translation>
    </message>
    <message>
        <source>The pipeline was not saved</source>
        <translation>流水线没有保存</translation>
    </message>
    <message>
        <source>The pipeline whose output is to be imitated</source>
        <translation>要模仿其输出的流水线</translation>
    </message>
    <message>
        <source>The pixels of the border are repeated</source>
        <translation>重复边界上的像素</translation>
    </message>
    <message>
        <source>The power: 1 is the sum, large powers approach the maximum.</source>
        <translation>幂次：1 为求和，越大越接近最大值。</translation>
    </message>
    <message>
        <source>The previous window</source>
        <translation>上一个窗口</translation>
    </message>
    <message>
        <source>The quantity that is minimised</source>
        <translation>要最小化的量（损失）</translation>
    </message>
    <message>
        <source>The recovery file was not written</source>
        <translation>恢复文件没有写入</translation>
    </message>
    <message>
        <source>The region of each map that the value sees</source>
        <translation>该值在每张特征图中看到的部分</translation>
    </message>
    <message>
        <source>The region of every earlier map that the value sees</source>
        <translation>该值在之前每张特征图中看到的部分</translation>
    </message>
    <message>
        <source>The root of the mean of the squared differences</source>
        <translation>差的平方的平均值的平方根</translation>
    </message>
    <message>
        <source>The row and column before which it ends; none takes all.</source>
        <translation>切片在此行和此列之前结束；不填则取到末尾。</translation>
    </message>
    <message>
        <source>The same rate at every step</source>
        <translation>每一步学习率相同</translation>
    </message>
    <message>
        <source>The same seed gives the same kernel.</source>
        <translation>种子相同，核就相同。</translation>
    </message>
    <message>
        <source>The same with random weights, to be learned</source>
        <translation>同一网络，随机权重，等待学习</translation>
    </message>
    <message>
        <source>The same without 1 × 1 convolutions: compare the multiply-adds</source>
        <translation>同样的模块，没有 1 × 1 卷积：比较乘加次数</translation>
    </message>
    <message>
        <source>The scene goes on at the opposite border</source>
        <translation>场景从对面的边界继续</translation>
    </message>
    <message>
        <source>The scene goes on beyond the border; what lies there is estimated with the rest</source>
        <translation>场景延伸到边界之外；那里的内容与其余部分一起估计</translation>
    </message>
    <message>
        <source>The scene is black beyond the border</source>
        <translation>边界之外场景为黑色</translation>
    </message>
    <message>
        <source>The scene is mirrored at the border, whose pixels are repeated</source>
        <translation>场景在边界处镜像，边界像素重复一次</translation>
    </message>
    <message>
        <source>The scene is reflected at the border, whose pixels are not repeated</source>
        <translation>场景在边界处反射，边界像素不重复</translation>
    </message>
    <message>
        <source>The seed of all random numbers: the same seed gives the same run</source>
        <translation>所有随机数的种子：种子相同，运行相同</translation>
    </message>
    <message>
        <source>The selected layer beside a variant of it, and their difference</source>
        <translation>选中的层与它的变体并排，以及它们的差</translation>
    </message>
    <message>
        <source>The selected map as large as the wall</source>
        <translation>选中的图，与特征图墙一样大</translation>
    </message>
    <message>
        <source>The session was not saved</source>
        <translation>会话没有保存</translation>
    </message>
    <message>
        <source>The share of each class that is held back to test what was learned</source>
        <translation>每一类中留出（验证集）用来检验所学结果的比例</translation>
    </message>
    <message>
        <source>The share of the gradient that is left out</source>
        <translation>梯度中被略去的部分</translation>
    </message>
    <message>
        <source>The share of the previous step that is carried on, usually below 1</source>
        <translation>上一步更新量保留的比例，通常小于 1</translation>
    </message>
    <message>
        <source>The share of the values of its map below a value: each range of tones becomes as frequent as any other.</source>
        <translation>其所在特征图中低于该值的数值所占的比例：各个色调范围出现得同样频繁。</translation>
    </message>
    <message>
        <source>The slope of the plane that best fits the window, up to a factor.</source>
        <translation>窗口内最小二乘平面的斜率（相差一个常数倍）。</translation>
    </message>
    <message>
        <source>The smallest of the inputs; NaN wins, ties go to the first.</source>
        <translation>各输入中的最小值；NaN 优先，相同时取第一个。</translation>
    </message>
    <message>
        <source>The smallest value of each window, channel by channel. Padding never wins; ties go to the first.</source>
        <translation>逐通道取每个窗口的最小值。填充不参与比较；并列时取第一个。</translation>
    </message>
    <message>
        <source>The smallest value of the window around each cell: bright parts shrink, dark ones grow.</source>
        <translation>每个单元周围窗口中的最小值：亮的部分缩小，暗的部分扩大。</translation>
    </message>
    <message>
        <source>The smoothing that is subtracted.</source>
        <translation>要减去的平滑。</translation>
    </message>
    <message>
        <source>The spectrum times factors: notches and their mirrors take out grids and moiré, bands whole ranges of waves.</source>
        <translation>频谱乘以系数：陷波及其镜像去除网格和摩尔纹，频带去除整段频率的波。</translation>
    </message>
    <message>
        <source>The spectrum times factors: notches and their mirrors take out grids and moiré, bands whole ranges of waves.

The border is circular, as if the map was repeated on all sides.</source>
        <translation>频谱乘以系数：陷波及其镜像去除网格和摩尔纹，频带去除整段频率的波。

边界是循环的，如同特征图在四周重复。</translation>
    </message>
    <message>
        <source>The standard deviation of the values around each cell: where it is flat, 0; where there is texture, large.</source>
        <translation>每个单元周围数值的标准差：平坦处为 0，有纹理处较大。</translation>
    </message>
    <message>
        <source>The sum of products is divided by this.</source>
        <translation>乘积之和除以它。</translation>
    </message>
    <message>
        <source>The sum of the squared errors, which grows with the picture</source>
        <translation>误差平方和（SSE），随图片增大</translation>
    </message>
    <message>
        <source>The target is computed with this kernel in the chosen node; the node has to find it</source>
        <translation>目标由所选节点使用此核计算得出；节点要自己找到它</translation>
    </message>
    <message>
        <source>The uncertainty is one standard deviation of the error that noise and lost detail cause. Flat areas are better and edges worse; errors of the kernel and of the border come on top.</source>
        <translation>不确定度是噪声和丢失的细节所致误差的一个标准差。平坦处较准，边缘处较差；卷积核和边界的误差另计。</translation>
    </message>
    <message>
        <source>The unsaved changes of {name} come back with Undo</source>
        <translation>{name} 未保存的更改可以用“撤销”找回</translation>
    </message>
    <message>
        <source>The upper end of a band that passes or is stopped; by default twice the cutoff, and at most 1/2.</source>
        <translation>通带或阻带的上端；默认为截止频率的两倍，至多 1/2。</translation>
    </message>
    <message>
        <source>The value of what lies beyond the picture.</source>
        <translation>图片之外的取值。</translation>
    </message>
    <message>
        <source>The value that the padding mode "constant" fills in</source>
        <translation>填充模式 constant 填入的值</translation>
    </message>
    <message>
        <source>The value that the padding mode "constant" fills in.</source>
        <translation>填充模式 "constant" 所用的数。</translation>
    </message>
    <message>
        <source>The values of both ends, as -1,1; or percentile:1,99</source>
        <translation>两端的值，如 -1,1；或 percentile:1,99</translation>
    </message>
    <message>
        <source>The wall as shown</source>
        <translation>特征图墙（当前显示）</translation>
    </message>
    <message>
        <source>The wall was copied</source>
        <translation>已复制特征图墙</translation>
    </message>
    <message>
        <source>The weights after the shown step</source>
        <translation>所显示一步之后的权重</translation>
    </message>
    <message>
        <source>The weights from which learning starts</source>
        <translation>学习开始时的权重</translation>
    </message>
    <message>
        <source>The weights shown minus those of least squares</source>
        <translation>所示权重减去最小二乘解</translation>
    </message>
    <message>
        <source>The weights that least squares gives</source>
        <translation>最小二乘给出的权重</translation>
    </message>
    <message>
        <source>The wheel zooms, dragging moves, a double click shows everything again.</source>
        <translation>滚轮缩放，拖动平移，双击恢复显示全部。</translation>
    </message>
    <message>
        <source>The whole graph; drag the frame to go through it</source>
        <translation>整张特征图；拖动方框即可浏览</translation>
    </message>
    <message>
        <source>The whole layer</source>
        <translation>整个层</translation>
    </message>
    <message>
        <source>The window shows the pipeline of the last session; saving writes it to that file again.</source>
        <translation>窗口显示的是上次会话的流水线；保存会把它重新写到该文件。</translation>
    </message>
    <message>
        <source>The {height} × {width} kernel of {name} was put into {node}</source>
        <translation>{name} 的 {height} × {width} 核已放入 {node}</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>There are {n} ways to read {name}. Choose one.</source>
        <translation>{name} 有 {n} 种读法，请选择一种。</translation>
    </message>
    <message>
        <source>There is no batch norm in this pipeline</source>
        <translation>这个流水线里没有批归一化</translation>
    </message>
    <message>
        <source>There is no difference anywhere.</source>
        <translation>处处没有差别。</translation>
    </message>
    <message>
        <source>These steps learn from rows {a} to {b} and columns {c} to {d} of a picture that is larger than memory.</source>
        <translation>这些步从一幅大于内存的图片的第 {a} 至 {b} 行、第 {c} 至 {d} 列学习。</translation>
    </message>
    <message>
        <source>These steps learn from rows {a} to {b} and columns {c} to {d}; Start takes what is seen now.</source>
        <translation>这些步骤从第 {a} 到 {b} 行、第 {c} 到 {d} 列学习；“开始”则取现在所见的部分。</translation>
    </message>
    <message>
        <source>These steps learn from {name}, which is no longer the open picture.</source>
        <translation>这些步是从 {name} 学习的，而它已不是打开的图片。</translation>
    </message>
    <message>
        <source>Theta</source>
        <translation>方向 θ</translation>
    </message>
    <message>
        <source>This is a pixel of the picture: no layer lies before it.</source>
        <translation>这是图片的一个像素：它前面没有层。</translation>
    </message>
    <message>
        <source>This is the blurred picture. Move the slider to see the iterations.</source>
        <translation>这是模糊的图片。移动滑块可查看各次迭代。</translation>
    </message>
    <message>
        <source>This layer: {node}</source>
        <translation>此层：{node}</translation>
    </message>
    <message>
        <source>This map: {node}</source>
        <translation>此图：{node}</translation>
    </message>
    <message>
        <source>This map: {node}, channel {n}</source>
        <translation>此图：{node}，通道 {n}</translation>
    </message>
    <message>
        <source>Three layers, learned from six photographs</source>
        <translation>三层，从六张照片学得</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Tick its inputs.</source>
        <translation>勾选它要读取的。</translation>
    </message>
    <message>
        <source>Tick its inputs. The first input is on top.</source>
        <translation>勾选它要读取的。最上面的是第一个输入。</translation>
    </message>
    <message>
        <source>Tick with the space bar. The inputs are in order from the top.</source>
        <translation>用空格键勾选；自上而下的顺序就是输入的顺序。</translation>
    </message>
    <message>
        <source>Tikhonov</source>
        <translation>吉洪诺夫</translation>
    </message>
    <message>
        <source>Tile size</source>
        <translation>分块大小</translation>
    </message>
    <message>
        <source>Tiles</source>
        <translation>图块</translation>
    </message>
    <message>
        <source>Tiles that fill the wall</source>
        <translation>图块填满特征图墙</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Tiny VGG</source>
        <translation>Tiny VGG</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>To compare two filters, branch the second one from the input of the first; then choose “Set as A” on the map of one and “Compare with A” on the map of the other</source>
        <translation>要比较两个滤波器，请让第二个从第一个的输入处分支；然后在其中一个的特征图上选择“设为 A”，在另一个的特征图上选择“与 A 比较”</translation>
    </message>
    <message>
        <source>To think about</source>
        <translation>想一想</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Top-hat</source>
        <translation>顶帽变换</translation>
    </message>
    <message>
        <source>Transition</source>
        <translation>过渡带</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Transpose</source>
        <translation>转置</translation>
    </message>
    <message>
        <source>Transposed convolution</source>
        <translation>转置卷积层</translation>
    </message>
    <message>
        <source>True picture</source>
        <translation>真实图片</translation>
    </message>
    <message>
        <source>Try it yourself, solved: {title} ✓</source>
        <translation>动手试试，已完成：{title} ✓</translation>
    </message>
    <message>
        <source>Try it yourself: {title}</source>
        <translation>动手试试：{title}</translation>
    </message>
    <message>
        <source>Type a number here to set all cells</source>
        <translation>在这里输入一个数，赋给全部</translation>
    </message>
    <message>
        <source>Type a number, such as -1, 0.5 or 4/9, in each field.</source>
        <translation>请在每个框中输入一个数，例如 -1、0.5 或 4/9。</translation>
    </message>
    <message>
        <source>Type the largest value that the colours of the selected layer show</source>
        <translation>输入所选层的颜色所显示的最大值</translation>
    </message>
    <message>
        <source>Type the range…</source>
        <translation>输入范围…</translation>
    </message>
    <message>
        <source>Type to find a layer</source>
        <translation>输入以查找层</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>不确定度</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Undo a blur</source>
        <translation>去除模糊</translation>
    </message>
    <message>
        <source>Undo a blur…</source>
        <translation>去除模糊…</translation>
    </message>
    <message>
        <source>Undo the blur</source>
        <translation>去除模糊</translation>
    </message>
    <message>
        <source>Undo the blur by a layer</source>
        <translation>用一个层去除模糊</translation>
    </message>
    <message>
        <source>Undo the blur of a picture whose kernel is known or was learned</source>
        <translation>去除图片的模糊，其卷积核已知或已学到</translation>
    </message>
    <message>
        <source>Undo {what}</source>
        <translation>撤销 {what}</translation>
    </message>
    <message>
        <source>Undo “Back”</source>
        <translation>撤销“返回”</translation>
    </message>
    <message>
        <source>Unflatten</source>
        <translation>反展平</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>展开窗口</translation>
    </message>
    <message>
        <source>Unfold all blocks</source>
        <translation>展开所有块</translation>
    </message>
    <message>
        <source>Unfold this group</source>
        <translation>展开此组</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单个单元</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消钉住</translation>
    </message>
    <message>
        <source>Unpin the value</source>
        <translation>取消钉住该值</translation>
    </message>
    <message>
        <source>Unsaved work</source>
        <translation>未保存的工作</translation>
    </message>
    <message>
        <source>Unsharp mask</source>
        <translation>反锐化掩模</translation>
    </message>
    <message>
        <source>Upper</source>
        <translation>上端</translation>
    </message>
    <message>
        <source>Upper end of the range</source>
        <translation>范围的上端</translation>
    </message>
    <message>
        <source>Upsample</source>
        <translation>上采样</translation>
    </message>
    <message>
        <source>Use a network for these classes</source>
        <translation>使用适合这些类别的网络</translation>
    </message>
    <message>
        <source>Use as kernel</source>
        <translation>用作卷积核</translation>
    </message>
    <message>
        <source>Use no padding</source>
        <translation>不使用填充</translation>
    </message>
    <message>
        <source>Use padding "same"</source>
        <translation>使用填充 "same"</translation>
    </message>
    <message>
        <source>Use padding "{padding}"</source>
        <translation>使用填充 "{padding}"</translation>
    </message>
    <message>
        <source>Use the kernel here</source>
        <translation>使用此处的核</translation>
    </message>
    <message>
        <source>Use the rate {n:g}</source>
        <translation>使用学习率 {n:g}</translation>
    </message>
    <message>
        <source>VGG-16</source>
        <translation>VGG-16</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Values above this become 1.</source>
        <translation>大于该值的数值变为 1。</translation>
    </message>
    <message>
        <source>Values above this stay.</source>
        <translation>大于此值的保持不变。</translation>
    </message>
    <message>
        <source>Values that are NaN or infinite: they are counted here, and left out of the sums</source>
        <translation>NaN 或无穷的值：在此计数，不计入各项求和</translation>
    </message>
    <message>
        <source>Values that are not a number</source>
        <translation>不是数的值</translation>
    </message>
    <message>
        <source>Values that are plus or minus infinity</source>
        <translation>正无穷大或负无穷大的值</translation>
    </message>
    <message>
        <source>Values up to this distance from 0 become 0.</source>
        <translation>与 0 的距离不超过此值的变为 0。</translation>
    </message>
    <message>
        <source>Variance of each channel during training.</source>
        <translation>训练中每个通道的方差。</translation>
    </message>
    <message>
        <source>Variance of the guide up to which a window counts as flat.</source>
        <translation>引导图的方差低于该值的窗口视为平坦。</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>Vectors by value</source>
        <translation>向量按值排序</translation>
    </message>
    <message>
        <source>WCH</source>
        <translation>WCH</translation>
    </message>
    <message>
        <source>WHC</source>
        <translation>WHC</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Wavelength</source>
        <translation>波长</translation>
    </message>
    <message>
        <source>Wavelength over the standard deviation; no wave is shorter than 3 cells.</source>
        <translation>波长与标准差之比；波长不短于 3 格。</translation>
    </message>
    <message>
        <source>Waves</source>
        <translation>波长比</translation>
    </message>
    <message>
        <source>Waves under Gaussian envelopes, of evenly spaced directions and of widths that grow by a ratio.</source>
        <translation>高斯包络下的波，方向均匀分布，宽度按比例增大。</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Weights as tensors</source>
        <translation>以张量保存权重</translation>
    </message>
    <message>
        <source>Weights of the cells of the window.</source>
        <translation>窗口各格的权重。</translation>
    </message>
    <message>
        <source>Weights that are shown</source>
        <translation>所显示的权重</translation>
    </message>
    <message>
        <source>What a click paints</source>
        <translation>点击时绘制什么</translation>
    </message>
    <message>
        <source>What an opening takes away: bright parts smaller than the window, on a ground of 0.</source>
        <translation>开运算去掉的部分：小于窗口的亮处，背景为 0。</translation>
    </message>
    <message>
        <source>What each kernel must satisfy</source>
        <translation>每个卷积核必须满足的条件</translation>
    </message>
    <message>
        <source>What is computed from the values.</source>
        <translation>由这些值计算什么。</translation>
    </message>
    <message>
        <source>What is done stays in {folder}, and the rest can be done later.</source>
        <translation>已完成的保留在 {folder} 中，其余的可以以后再做。</translation>
    </message>
    <message>
        <source>What is done with the input and the operand.</source>
        <translation>对输入与操作数做什么运算。</translation>
    </message>
    <message>
        <source>What is plotted over the epochs, for training and validation pictures</source>
        <translation>曲线画出的量：随轮数变化，分训练图片和验证图片</translation>
    </message>
    <message>
        <source>What is plotted over the iterations</source>
        <translation>随迭代绘出的量</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>显示内容</translation>
    </message>
    <message>
        <source>What is shown of the pinned value</source>
        <translation>显示钉住的值的哪一方面</translation>
    </message>
    <message>
        <source>What should be done with it?</source>
        <translation>要对它做什么？</translation>
    </message>
    <message>
        <source>What takes the place of all other values.</source>
        <translation>其余的值都换成此值。</translation>
    </message>
    <message>
        <source>What the blur saw beyond the border of the picture</source>
        <translation>模糊时在图片边界之外看到的内容</translation>
    </message>
    <message>
        <source>What the ideal kernel is multiplied by, so that it ends without a step.</source>
        <translation>与理想核相乘的窗函数，使其边缘不出现跳变。</translation>
    </message>
    <message>
        <source>What the output is to match</source>
        <translation>输出要变成什么</translation>
    </message>
    <message>
        <source>What the restored picture is compared with in place of the maps</source>
        <translation>在特征图的位置与复原图片比较的内容</translation>
    </message>
    <message>
        <source>What the value loses where a grey patch of 16 × 16 pixels hides the picture, averaged over the places of the patch. A grey patch is an edge of its own, so that other fills give other maps.</source>
        <translation>用 16 × 16 像素的灰块遮住图片时该值减少多少，对灰块的各个位置取平均。灰块自身也构成边缘，因此换一种填充会得到不同的图。</translation>
    </message>
    <message>
        <source>What the waves are multiplied by: 0 takes them out, 1 leaves them</source>
        <translation>波所乘的系数：0 将其去除，1 保持不变</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>要做什么</translation>
    </message>
    <message>
        <source>What to save</source>
        <translation>要保存什么</translation>
    </message>
    <message>
        <source>When shrinking, average over all cells, as Pillow does.</source>
        <translation>缩小时让每格都起作用，与 Pillow 相同。</translation>
    </message>
    <message>
        <source>Where beta * x exceeds this, the function is taken as linear.</source>
        <translation>超过它时，beta * x 视为直线。</translation>
    </message>
    <message>
        <source>Where outputs lie in the input, in the words of ONNX; by default as in PyTorch.</source>
        <translation>输出在输入中的位置，用 ONNX 的说法；默认与 PyTorch 相同。</translation>
    </message>
    <message>
        <source>Where the light comes from, counter-clockwise from the row axis.</source>
        <translation>光线来的方向，从水平方向逆时针计。</translation>
    </message>
    <message>
        <source>Which channel of the maps is shown</source>
        <translation>显示图的哪个通道</translation>
    </message>
    <message>
        <source>Which channels of the selected layer are shown</source>
        <translation>显示选中层的哪些通道</translation>
    </message>
    <message>
        <source>Which diagonal the difference is taken along.</source>
        <translation>沿哪条对角线求差。</translation>
    </message>
    <message>
        <source>Which frequencies pass, in cycles a pixel. Left: low ones are in the middle, waves along the rows left and right of it, along the columns above and below. Right: the factor for waves along the rows (line) and along the columns (dashes). Double-click to enlarge.</source>
        <translation>哪些频率能够通过，单位为周期/像素。左图：中间是低频，左右是沿水平方向的波，上下是沿竖直方向的波。右图：沿水平方向（实线）和沿竖直方向（虚线）的波的系数。双击可放大。</translation>
    </message>
    <message>
        <source>Which frequencies pass.</source>
        <translation>哪些频率通过。</translation>
    </message>
    <message>
        <source>Which function.</source>
        <translation>哪个函数。</translation>
    </message>
    <message>
        <source>Which kernel is meant?</source>
        <translation>指的是哪个卷积核？</translation>
    </message>
    <message>
        <source>Which of several classes a picture belongs to</source>
        <translation>图片属于几个类别中的哪一个</translation>
    </message>
    <message>
        <source>Which of the learned weights are shown</source>
        <translation>显示哪些参与学习的权重</translation>
    </message>
    <message>
        <source>Which of the {axis} is shown; the first is 0</source>
        <translation>显示{axis}中的哪一个；第一个是 0</translation>
    </message>
    <message>
        <source>Which plane of height and width is shown: output by output, input by input</source>
        <translation>显示哪个高宽平面：按输出和输入逐一选择</translation>
    </message>
    <message>
        <source>Which side of the mask</source>
        <translation>掩模的哪一侧</translation>
    </message>
    <message>
        <source>Which values the padding holds.</source>
        <translation>边界之外的格子里是什么。</translation>
    </message>
    <message>
        <source>While this is on, height and width stay equal.</source>
        <translation>按下时，高和宽保持相等。</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>整张图片</translation>
    </message>
    <message>
        <source>Whose weights: rec601 as OpenCV and Pillow, rec709 as scikit-image.</source>
        <translation>采用哪一套权重：rec601 与 OpenCV、Pillow 相同，rec709 与 scikit-image 相同。</translation>
    </message>
    <message>
        <source>Width across the stripes, divided by the length along them.</source>
        <translation>垂直于条纹的宽度与沿条纹的长度之比。</translation>
    </message>
    <message>
        <source>Width around each end that least squares leaves free and that is not judged.</source>
        <translation>每一端附近的宽度，最小二乘对其不作要求，也不作评价。</translation>
    </message>
    <message>
        <source>Width of each scale over that of the finer one before it.</source>
        <translation>每一尺度与前一较细尺度的宽度之比。</translation>
    </message>
    <message>
        <source>Width of the smooth edge around all notches and bands, in cycles a pixel</source>
        <translation>所有陷波和频带周围平滑过渡的宽度，单位为周期/像素</translation>
    </message>
    <message>
        <source>Width of the smooth edge around notches and bands.</source>
        <translation>陷波和频带周围平滑过渡的宽度。</translation>
    </message>
    <message>
        <source>Wiener</source>
        <translation>维纳</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Windows a second</source>
        <translation>每秒窗口数</translation>
    </message>
    <message>
        <source>Windows keeps this name for a device</source>
        <translation>Windows 将此名称保留给设备</translation>
    </message>
    <message>
        <source>With coordinates, how nearest takes a position to a cell.</source>
        <translation>指定坐标时，最近邻如何把位置取整到单元格。</translation>
    </message>
    <message>
        <source>With coordinates, the constant a of bicubic interpolation.</source>
        <translation>指定坐标时，双三次插值的常数 a。</translation>
    </message>
    <message>
        <source>With coordinates, the factors of the positions; by default those of the sizes.</source>
        <translation>指定坐标时，计算位置所用的倍数；默认由尺寸得出。</translation>
    </message>
    <message>
        <source>With shuffled weights this lens shows a picture whose magnitudes correlate with this one by {likeness}. Near 1, it shows the picture more than what the network has learned.</source>
        <translation>权重打乱后，这种视角所显示的图与此图绝对值的相关系数为 {likeness}。若接近 1，它显示的主要是图片本身，而不是网络学到的东西。</translation>
    </message>
    <message>
        <source>Without saving, they are lost when the window closes.</source>
        <translation>不保存的话，关闭窗口时会丢失。</translation>
    </message>
    <message>
        <source>Words of the lesson</source>
        <translation>课程的文字</translation>
    </message>
    <message>
        <source>Write TIFF</source>
        <translation>写成 TIFF</translation>
    </message>
    <message>
        <source>Write the pipeline as ONNX, PyTorch source or safetensors</source>
        <translation>将流水线写为 ONNX、PyTorch 源代码或 safetensors</translation>
    </message>
    <message>
        <source>Write the values into the cells of maps when they are zoomed in far enough</source>
        <translation>放大到足够大时，把值写进图的格子里</translation>
    </message>
    <message>
        <source>Writing {name}…</source>
        <translation>正在写入 {name}…</translation>
    </message>
    <message>
        <source>Your prediction</source>
        <translation>您的预测</translation>
    </message>
    <message>
        <source>Your prediction: row {row}, column {col}</source>
        <translation>您的预测：行 {row}，列 {col}</translation>
    </message>
    <message>
        <source>Your prediction: {part}</source>
        <translation>您的预测：{part}</translation>
    </message>
    <message>
        <source>Zero along horizontal and vertical edges, with either sign at their corners.</source>
        <translation>沿行列的直边为零，在角上有正有负。</translation>
    </message>
    <message>
        <source>Zero sum</source>
        <translation>零和</translation>
    </message>
    <message>
        <source>Zero the sum of</source>
        <translation>零和化</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>`filterlab kernels` lists them</source>
        <translation>`filterlab kernels` 会列出它们</translation>
    </message>
    <message>
        <source>`filterlab layers {0}` lists what is allowed</source>
        <translation>`filterlab layers {0}` 说明可取的值</translation>
    </message>
    <message>
        <source>`filterlab layers` lists them</source>
        <translation>`filterlab layers` 会列出它们</translation>
    </message>
    <message>
        <source>`filterlab run --memory` computes it where that is possible</source>
        <translation>在可行时，`filterlab run --memory` 会计算它</translation>
    </message>
    <message>
        <source>`filterlab run` computes it in full</source>
        <translation>`filterlab run` 会完整计算它</translation>
    </message>
    <message>
        <source>a TIFF in tiles has at most {0} channels, and this map has {1}</source>
        <translation>分块的 TIFF 最多有 {0} 个通道，而这个特征图有 {1} 个</translation>
    </message>
    <message>
        <source>a batch was given</source>
        <translation>给出了一个批次</translation>
    </message>
    <message>
        <source>a branch or a loop: what is computed would depend on the picture</source>
        <translation>分支或循环：计算什么将取决于图片</translation>
    </message>
    <message>
        <source>a cell is empty</source>
        <translation>有一个单元格为空</translation>
    </message>
    <message>
        <source>a checksum is wrong</source>
        <translation>校验和不对</translation>
    </message>
    <message>
        <source>a comma goes on in the next line</source>
        <translation>行末逗号表示接下一行</translation>
    </message>
    <message>
        <source>a contact sheet cannot be made in tiles</source>
        <translation>缩略图总览无法分块生成</translation>
    </message>
    <message>
        <source>a crop of {0}x{1} is too small: every output would also see pixels outside of it</source>
        <translation>{0}x{1} 的裁剪中没有输出只看到该裁剪</translation>
    </message>
    <message>
        <source>a finite number, {0}</source>
        <translation>有限的数，{0}</translation>
    </message>
    <message>
        <source>a flat picture of {0} becomes {1}</source>
        <translation>值为 {0} 的平坦图片变成 {1}</translation>
    </message>
    <message>
        <source>a float32 needs nine</source>
        <translation>float32 需要九位</translation>
    </message>
    <message>
        <source>a folder of its path does not exist</source>
        <translation>路径中有文件夹不存在</translation>
    </message>
    <message>
        <source>a fraction is divided by 0</source>
        <translation>有分数以 0 为分母</translation>
    </message>
    <message>
        <source>a frame of it is damaged</source>
        <translation>其中一帧已损坏</translation>
    </message>
    <message>
        <source>a kernel has at most {0} by {1} cells</source>
        <translation>卷积核最多 {0} × {1} 个单元格</translation>
    </message>
    <message>
        <source>a kernel of {0} by {1}</source>
        <translation>{0} 乘 {1} 的核</translation>
    </message>
    <message>
        <source>a kernel that a recipe makes has at most {0} cells a side</source>
        <translation>由配方生成的卷积核每边最多 {0} 个单元格</translation>
    </message>
    <message>
        <source>a label has at most {0} letter(s)</source>
        <translation>一个标签最多 {0} 个字母</translation>
    </message>
    <message>
        <source>a last window would start beyond the last {0}, and is left out</source>
        <translation>最后一个窗口会从最后的{0}之后开始，因而略去</translation>
    </message>
    <message>
        <source>a list of names</source>
        <translation>名称列表</translation>
    </message>
    <message>
        <source>a list of texts</source>
        <translation>文本列表</translation>
    </message>
    <message>
        <source>a list that a recipe makes has at most {0}</source>
        <translation>由配方生成的列表最多 {0} 个</translation>
    </message>
    <message>
        <source>a map of {0} channel(s) is not a picture</source>
        <translation>{0} 个通道的特征图不能存为图片</translation>
    </message>
    <message>
        <source>a map of {0} numbers is rearranged</source>
        <translation>重排的特征图有 {0} 个数，过大</translation>
    </message>
    <message>
        <source>a matrix of {0} by {1} with {2} number(s) is not a kernel</source>
        <translation>有 {2} 个数的 {0} × {1} 矩阵不是卷积核</translation>
    </message>
    <message>
        <source>a mean at the border is taken over fewer cells</source>
        <translation>边界处的平均值取自较少的格</translation>
    </message>
    <message>
        <source>a node is named {0}, as the contact sheet is</source>
        <translation>有一个节点名为 {0}，与拼图同名</translation>
    </message>
    <message>
        <source>a number above 0, or (height, width)</source>
        <translation>大于 0 的数，或（高，宽）</translation>
    </message>
    <message>
        <source>a number in it is too long</source>
        <translation>其中有一个数过长</translation>
    </message>
    <message>
        <source>a number is compared with a text</source>
        <translation>数字与文本相比较</translation>
    </message>
    <message>
        <source>a number is not understood</source>
        <translation>无法识别数字</translation>
    </message>
    <message>
        <source>a number is too large</source>
        <translation>有一个数过大</translation>
    </message>
    <message>
        <source>a number, {0}</source>
        <translation>数，{0}</translation>
    </message>
    <message>
        <source>a part of it needs {0}, and {1} are left for maps</source>
        <translation>它的一部分需要 {0}，而特征图只剩 {1}</translation>
    </message>
    <message>
        <source>a part of its path is a file, not a folder</source>
        <translation>路径中有一部分是文件，而不是文件夹</translation>
    </message>
    <message>
        <source>a picture from a file…</source>
        <translation>文件中的图片…</translation>
    </message>
    <message>
        <source>a picture has at most {0} bytes</source>
        <translation>图片最多 {0} 字节</translation>
    </message>
    <message>
        <source>a picture of {0} becomes a vector, and should become a map</source>
        <translation>大小为 {0} 的图片变成了向量，应变成特征图</translation>
    </message>
    <message>
        <source>a picture of {0} becomes {1}, and should become {2}</source>
        <translation>大小为 {0} 的图片变成 {1}，应变成 {2}</translation>
    </message>
    <message>
        <source>a picture of {0} takes {1} multiply-adds, and should take {2}</source>
        <translation>大小为 {0} 的图片需要 {1} 次乘加，应为{2}</translation>
    </message>
    <message>
        <source>a pipeline has at most {0}</source>
        <translation>一个流程最多 {0} 个</translation>
    </message>
    <message>
        <source>a pipeline is a .json or .safetensors file</source>
        <translation>流水线是 .json 或 .safetensors 文件</translation>
    </message>
    <message>
        <source>a program and its arguments</source>
        <translation>程序及其参数</translation>
    </message>
    <message>
        <source>a quotation mark is not closed</source>
        <translation>引号没有闭合</translation>
    </message>
    <message>
        <source>a shape has at most {0} axes</source>
        <translation>形状最多有 {0} 个轴</translation>
    </message>
    <message>
        <source>a side has at most {0} cells</source>
        <translation>一边最多 {0} 格</translation>
    </message>
    <message>
        <source>a size as 800M or 4G, in powers of 1024</source>
        <translation>大小，如 800M 或 4G（以 1024 为进位）</translation>
    </message>
    <message>
        <source>a spectrum of {0} values takes too much memory</source>
        <translation>{0} 个值的频谱占用内存过多</translation>
    </message>
    <message>
        <source>a text that is not empty</source>
        <translation>非空文本</translation>
    </message>
    <message>
        <source>a vector has no rows or columns</source>
        <translation>向量没有行和列</translation>
    </message>
    <message>
        <source>a weight has four levels of lists</source>
        <translation>权重是四重嵌套的列表</translation>
    </message>
    <message>
        <source>a whole number or (height, width), {0}</source>
        <translation>整数或（高，宽），{0}</translation>
    </message>
    <message>
        <source>a whole number, (h, w) or ((top, bottom), (left, right)); {0}</source>
        <translation>整数、（高，宽）或（（上，下），（左，右））；{0}</translation>
    </message>
    <message>
        <source>a whole number, (h, w), ((top, bottom), (left, right)), "valid", "same" or "full"; {0}</source>
        <translation>整数、（高，宽）、（（上，下），（左，右））、"valid"、"same" 或 "full"；{0}</translation>
    </message>
    <message>
        <source>a whole number, {0}</source>
        <translation>整数，{0}</translation>
    </message>
    <message>
        <source>a worker of the cluster cannot do this: {0}</source>
        <translation>集群中的一个工作进程无法完成：{0}</translation>
    </message>
    <message>
        <source>about the middle</source>
        <translation>关于中心</translation>
    </message>
    <message>
        <source>above</source>
        <translation>上方</translation>
    </message>
    <message>
        <source>above {0}</source>
        <translation>大于 {0}</translation>
    </message>
    <message>
        <source>above {0} and below {1}</source>
        <translation>大于 {0} 且小于 {1}</translation>
    </message>
    <message>
        <source>above {0}, at most {1}</source>
        <translation>大于 {0}，至多 {1}</translation>
    </message>
    <message>
        <source>access is denied</source>
        <translation>拒绝访问</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>add</source>
        <translation>加</translation>
    </message>
    <message>
        <source>add a Conv2d</source>
        <translation>添加一个 Conv2d</translation>
    </message>
    <message>
        <source>add a Filter2d or Conv2d</source>
        <translation>添加一个 Filter2d 或 Conv2d</translation>
    </message>
    <message>
        <source>add a Filter2d or Conv2d before it, or compare another node</source>
        <translation>在它之前添加 Filter2d 或 Conv2d，或比较另一个节点</translation>
    </message>
    <message>
        <source>add a Filter2d with it, or learn it from a picture before and after</source>
        <translation>请添加带有它的 Filter2d，或由前后两张图片学习它</translation>
    </message>
    <message>
        <source>add a node: there is nothing to write</source>
        <translation>添加一个：没有可写的内容</translation>
    </message>
    <message>
        <source>add files or a folder, or drop them on the list</source>
        <translation>请添加文件或文件夹，或将其拖放到列表上</translation>
    </message>
    <message>
        <source>add layers that end with a Linear layer of one output for each class</source>
        <translation>添加层，并以每个类别一个输出的 Linear 结尾</translation>
    </message>
    <message>
        <source>addresses of {0} are not read</source>
        <translation>不读取 {0} 地址</translation>
    </message>
    <message>
        <source>adds {share}</source>
        <translation>贡献 {share}</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>after − before</source>
        <translation>之后 − 之前</translation>
    </message>
    <message>
        <source>align_corners</source>
        <translation>对齐角点</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>all cells of the kernel are 0</source>
        <translation>卷积核的所有格都是 0</translation>
    </message>
    <message>
        <source>all channels</source>
        <translation>所有通道</translation>
    </message>
    <message>
        <source>all digits: {value}</source>
        <translation>全部位数：{value}</translation>
    </message>
    <message>
        <source>all eight directions</source>
        <translation>全部八个方向</translation>
    </message>
    <message>
        <source>all layers</source>
        <translation>所有层</translation>
    </message>
    <message>
        <source>all must be chains of weighted sums from one map, read by nobody else</source>
        <translation>所有分支都必须是来自同一特征图、且没有其他层读取的加权和</translation>
    </message>
    <message>
        <source>all pictures are of one class, {0}</source>
        <translation>所有图片都属于同一类：{0}</translation>
    </message>
    <message>
        <source>all sides</source>
        <translation>所有边</translation>
    </message>
    <message>
        <source>all values are right but for a constant that is added: {0}</source>
        <translation>所有的值都只差一个相加的常数：{0}</translation>
    </message>
    <message>
        <source>all values are {0} times what they should be</source>
        <translation>所有的值都是应有值的 {0} 倍</translation>
    </message>
    <message>
        <source>all weights are 0</source>
        <translation>所有权重均为 0</translation>
    </message>
    <message>
        <source>all weights of the kernel are 0</source>
        <translation>卷积核的权重全为 0</translation>
    </message>
    <message>
        <source>all {value}</source>
        <translation>全部为 {value}</translation>
    </message>
    <message>
        <source>allow more, or name fewer nodes with --maps</source>
        <translation>请允许更多内存，或用 --maps 指定更少的节点</translation>
    </message>
    <message>
        <source>allow more, or use fewer processes</source>
        <translation>请允许更多内存，或减少进程数</translation>
    </message>
    <message>
        <source>allowed: .svg, .png</source>
        <translation>可取：.svg、.png</translation>
    </message>
    <message>
        <source>allowed: 0 to {0}</source>
        <translation>可取：0 到 {0}</translation>
    </message>
    <message>
        <source>allowed: 0 to {0}, the first below the last</source>
        <translation>可取：0 到 {0}，第一个小于最后一个</translation>
    </message>
    <message>
        <source>allowed: dtype, values</source>
        <translation>可取：dtype、values</translation>
    </message>
    <message>
        <source>allowed: wiener, size, noise</source>
        <translation>允许：wiener、size、noise</translation>
    </message>
    <message>
        <source>allowed: {0}</source>
        <translation>可取：{0}</translation>
    </message>
    <message>
        <source>allowed: {0} to {1}</source>
        <translation>可取：{0} 到 {1}</translation>
    </message>
    <message>
        <source>allowed: {0}, joined by +, or mean=...;std=...</source>
        <translation>可用：{0}，用 + 连接，或 mean=...;std=...</translation>
    </message>
    <message>
        <source>amplitude {a}</source>
        <translation>振幅 {a}</translation>
    </message>
    <message>
        <source>an ONNX file is for pictures of one size</source>
        <translation>ONNX 文件只适用于一种尺寸的图片</translation>
    </message>
    <message>
        <source>an array of shape {0} and type {1} is not a kernel</source>
        <translation>形状 {0}、类型 {1} 的数组不是核</translation>
    </message>
    <message>
        <source>an array of shape {0} and type {1} is not a map</source>
        <translation>形状 {0}、类型 {1} 的数组不是图</translation>
    </message>
    <message>
        <source>an array of shape {0} is not a kernel</source>
        <translation>形状为 {0} 的数组不是卷积核</translation>
    </message>
    <message>
        <source>an array with NaN, infinity or numbers beyond float32 is not a kernel</source>
        <translation>含有 NaN、无穷大或过大数字的数组不是卷积核</translation>
    </message>
    <message>
        <source>an example, or your own kernels</source>
        <translation>示例，或你自己的核</translation>
    </message>
    <message>
        <source>an image is {0}</source>
        <translation>某个图像为 {0}</translation>
    </message>
    <message>
        <source>an odd whole number or (height, width), {0}</source>
        <translation>奇整数或（高，宽），{0}</translation>
    </message>
    <message>
        <source>an odd whole number, {0}</source>
        <translation>奇整数，{0}</translation>
    </message>
    <message>
        <source>an operand of {0} does not fit {1}</source>
        <translation>操作数 {0} 与 {1} 不匹配</translation>
    </message>
    <message>
        <source>an unnamed pipeline</source>
        <translation>未命名的流水线</translation>
    </message>
    <message>
        <source>another picture has written {0}</source>
        <translation>另一幅图片已写入 {0}</translation>
    </message>
    <message>
        <source>another program uses it</source>
        <translation>另一个程序正在使用它</translation>
    </message>
    <message>
        <source>another run is at work in this folder: {0}</source>
        <translation>另一次运行正在使用此文件夹：{0}</translation>
    </message>
    <message>
        <source>any finite value</source>
        <translation>任意有限值</translation>
    </message>
    <message>
        <source>approximate is {0}</source>
        <translation>approximate 是 {0}</translation>
    </message>
    <message>
        <source>area</source>
        <translation>区域平均</translation>
    </message>
    <message>
        <source>argmax</source>
        <translation>最大值位置</translation>
    </message>
    <message>
        <source>arithmetic</source>
        <translation>运算</translation>
    </message>
    <message>
        <source>as asked for, whatever the input</source>
        <translation>按要求，与输入无关</translation>
    </message>
    <message>
        <source>as given</source>
        <translation>给定值</translation>
    </message>
    <message>
        <source>as many iterations were made as were asked for</source>
        <translation>已迭代所要求的次数</translation>
    </message>
    <message>
        <source>as needed for 300 frames</source>
        <translation>按 300 帧自动决定</translation>
    </message>
    <message>
        <source>as saved</source>
        <translation>已保存的</translation>
    </message>
    <message>
        <source>as the memory allows</source>
        <translation>随内存而定</translation>
    </message>
    <message>
        <source>as typed:</source>
        <translation>按键入的值：</translation>
    </message>
    <message>
        <source>ask about a smaller picture, or a layer with smaller windows</source>
        <translation>问一张更小的图片，或窗口更小的层</translation>
    </message>
    <message>
        <source>ask for a smaller depth</source>
        <translation>要求更小的深度</translation>
    </message>
    <message>
        <source>ask for input_region of a position</source>
        <translation>询问某个位置的 input_region</translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>至少 {0}</translation>
    </message>
    <message>
        <source>at least {0} and below {1}</source>
        <translation>至少 {0} 且小于 {1}</translation>
    </message>
    <message>
        <source>at most {0}</source>
        <translation>最多 {0}</translation>
    </message>
    <message>
        <source>at most {0} a side</source>
        <translation>每边至多 {0}</translation>
    </message>
    <message>
        <source>at most {0} a side; use .png</source>
        <translation>每边最多 {0}；请使用 .png</translation>
    </message>
    <message>
        <source>at most {0} cells a side</source>
        <translation>每边最多 {0} 格</translation>
    </message>
    <message>
        <source>at most {0} here; choose smaller sizes</source>
        <translation>此处最多 {0}；请选择更小的尺寸</translation>
    </message>
    <message>
        <source>at most {0} here; pad less, or use 'replicate' or 'zeros'</source>
        <translation>这里最多 {0}；减少填充，或使用 'replicate' 或 'zeros'</translation>
    </message>
    <message>
        <source>at most {0} in one pipeline; use smaller shapes</source>
        <translation>一个流程中最多 {0} 个；请用较小的形状</translation>
    </message>
    <message>
        <source>at most {0} letters</source>
        <translation>最多 {0} 个字符</translation>
    </message>
    <message>
        <source>at most {0} together</source>
        <translation>总共至多 {0} 个</translation>
    </message>
    <message>
        <source>at most {0}: less than the stride or the dilation</source>
        <translation>最多 {0}：小于步幅或扩张</translation>
    </message>
    <message>
        <source>at most {0}: use a smaller size or groups</source>
        <translation>最多 {0} 个：请使用更小的尺寸或分组</translation>
    </message>
    <message>
        <source>at most {0}: use a smaller size or groups, or learn it by gradient descent</source>
        <translation>最多 {0}：使用更小的大小或分组，或用梯度下降学习</translation>
    </message>
    <message>
        <source>at most {0}; crop the picture before</source>
        <translation>最多 {0} 个；请先裁剪图片</translation>
    </message>
    <message>
        <source>at most {0}; use a smaller shape</source>
        <translation>最多 {0}；使用更小的形状</translation>
    </message>
    <message>
        <source>at most {size}</source>
        <translation>至多 {size}</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>automatic: {n:.1e}</source>
        <translation>自动：{n:.1e}</translation>
    </message>
    <message>
        <source>axes is {0}</source>
        <translation>axes 为 {0}</translation>
    </message>
    <message>
        <source>band-pass</source>
        <translation>带通</translation>
    </message>
    <message>
        <source>band-stop</source>
        <translation>带阻</translation>
    </message>
    <message>
        <source>bands</source>
        <translation>频带</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>behind {0} there is more than a mean of each map and a weighted sum</source>
        <translation>{0} 之后不只是各特征图的均值与加权和</translation>
    </message>
    <message>
        <source>below</source>
        <translation>下方</translation>
    </message>
    <message>
        <source>below {0}</source>
        <translation>小于 {0}</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>best fit</source>
        <translation>最佳拟合</translation>
    </message>
    <message>
        <source>bias has shape {0} for {1} output channel(s)</source>
        <translation>偏置的形状是 {0}，而输出通道有 {1} 个</translation>
    </message>
    <message>
        <source>bias has shape {0} for {1} output(s)</source>
        <translation>偏置的形状是 {0}，而输出有 {1} 个</translation>
    </message>
    <message>
        <source>bias has {0} number(s) for {1} output channel(s)</source>
        <translation>偏置有 {0} 个数，而输出通道有 {1} 个</translation>
    </message>
    <message>
        <source>bias has {0} number(s) for {1} output(s)</source>
        <translation>偏置有 {0} 个数，而输出有 {1} 个</translation>
    </message>
    <message>
        <source>bias has {0} number(s), weight {1}</source>
        <translation>bias 有 {0} 个数，weight 有 {1} 个</translation>
    </message>
    <message>
        <source>bias {bias}</source>
        <translation>偏置 {bias}</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>bins</source>
        <translation>个区间</translation>
    </message>
    <message>
        <source>bits is {0}</source>
        <translation>bits 是 {0}</translation>
    </message>
    <message>
        <source>blackman</source>
        <translation>布莱克曼窗</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>模糊</translation>
    </message>
    <message>
        <source>both margin and size are given</source>
        <translation>同时给出了 margin 和 size</translation>
    </message>
    <message>
        <source>both of its inputs are maps</source>
        <translation>它的两个输入都是特征图</translation>
    </message>
    <message>
        <source>bottom</source>
        <translation>下</translation>
    </message>
    <message>
        <source>box</source>
        <translation>方框</translation>
    </message>
    <message>
        <source>boxcar</source>
        <translation>矩形窗</translation>
    </message>
    <message>
        <source>brackets are nested more than {0} deep</source>
        <translation>括号嵌套超过 {0} 层</translation>
    </message>
    <message>
        <source>branches of unequal stride meet: {0}</source>
        <translation>步幅不等的分支相遇：{0}</translation>
    </message>
    <message>
        <source>by the extremes</source>
        <translation>按极值</translation>
    </message>
    <message>
        <source>cannot be told from 0: it lies in the 95 % interval</source>
        <translation>与 0 无法区分：0 位于 95 % 区间内</translation>
    </message>
    <message>
        <source>ceil</source>
        <translation>向上取整</translation>
    </message>
    <message>
        <source>cells</source>
        <translation>格</translation>
    </message>
    <message>
        <source>cells are floating-point numbers</source>
        <translation>单元格须为浮点数</translation>
    </message>
    <message>
        <source>change it in Python or in its file</source>
        <translation>在 Python 或它的文件中更改</translation>
    </message>
    <message>
        <source>change its inputs</source>
        <translation>更改它的输入</translation>
    </message>
    <message>
        <source>channel {channel}, row {row}, column {col}</source>
        <translation>通道 {channel}，行 {row}，列 {col}</translation>
    </message>
    <message>
        <source>channel {number}</source>
        <translation>通道 {number}</translation>
    </message>
    <message>
        <source>channel {n}</source>
        <translation>通道 {n}</translation>
    </message>
    <message>
        <source>channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>check its permissions</source>
        <translation>检查它的权限</translation>
    </message>
    <message>
        <source>check the address</source>
        <translation>请检查地址</translation>
    </message>
    <message>
        <source>check the credentials</source>
        <translation>请检查凭据</translation>
    </message>
    <message>
        <source>check the disk, or choose another one</source>
        <translation>请检查磁盘，或换一个</translation>
    </message>
    <message>
        <source>check the disk, or copy the file from elsewhere</source>
        <translation>请检查磁盘，或从别处复制该文件</translation>
    </message>
    <message>
        <source>check the name</source>
        <translation>检查名称</translation>
    </message>
    <message>
        <source>choose a Filter or a Convolution</source>
        <translation>请选择滤波器或卷积层</translation>
    </message>
    <message>
        <source>choose a Filter2d or Conv2d</source>
        <translation>选择一个 Filter2d 或 Conv2d</translation>
    </message>
    <message>
        <source>choose a Filter2d, or a Conv2d with one kernel for each channel</source>
        <translation>请选择 Filter2d，或每个通道各有一个卷积核的 Conv2d</translation>
    </message>
    <message>
        <source>choose a Sum, Difference, Mean or Concatenation</source>
        <translation>请选择求和、相减、均值或拼接层</translation>
    </message>
    <message>
        <source>choose a divisor</source>
        <translation>选择一个约数</translation>
    </message>
    <message>
        <source>choose a folder on the same disk</source>
        <translation>请选择同一磁盘上的文件夹</translation>
    </message>
    <message>
        <source>choose a folder that holds a folder for each class, or a .npz file</source>
        <translation>选择一个文件夹，其中每个类别各有一个文件夹，或选择 .npz 文件</translation>
    </message>
    <message>
        <source>choose a height and width that divide them</source>
        <translation>请选择能整除它的高和宽</translation>
    </message>
    <message>
        <source>choose a larger crop, or whole pictures</source>
        <translation>选择更大的裁剪，或整张图片</translation>
    </message>
    <message>
        <source>choose a part of it</source>
        <translation>选择其中一部分</translation>
    </message>
    <message>
        <source>choose a pipeline whose output is to be imitated</source>
        <translation>选择要模仿其输出的流水线</translation>
    </message>
    <message>
        <source>choose a smaller crop</source>
        <translation>选择更小的裁剪</translation>
    </message>
    <message>
        <source>choose a smaller kernel, or a ridge</source>
        <translation>请选择更小的卷积核，或使用岭参数</translation>
    </message>
    <message>
        <source>choose a value that is made of fewer numbers</source>
        <translation>请选择由较少数值得出的值</translation>
    </message>
    <message>
        <source>choose a value without NaN and infinity</source>
        <translation>选择一个没有 NaN 和无穷大的值</translation>
    </message>
    <message>
        <source>choose another disk</source>
        <translation>请换一个磁盘</translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation>请选择另一个文件夹</translation>
    </message>
    <message>
        <source>choose another method</source>
        <translation>请选择其他方法</translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation>选择另一个名称</translation>
    </message>
    <message>
        <source>choose another name, or allow overwriting</source>
        <translation>选择另一个名称，或允许覆盖</translation>
    </message>
    <message>
        <source>choose fewer layers at a time, or use `filterlab run`</source>
        <translation>每次选择更少的层，或使用 `filterlab run`</translation>
    </message>
    <message>
        <source>choose larger tiles</source>
        <translation>请选择更大的分块</translation>
    </message>
    <message>
        <source>choose one of them</source>
        <translation>选择其中之一</translation>
    </message>
    <message>
        <source>choose one of {0}</source>
        <translation>请从 {0} 中选择</translation>
    </message>
    <message>
        <source>choose one with as many channels that is not smaller</source>
        <translation>请选择通道数相同且不更小的图片</translation>
    </message>
    <message>
        <source>choose smaller sizes</source>
        <translation>选择更小的大小</translation>
    </message>
    <message>
        <source>choose smaller sizes, or fewer channels</source>
        <translation>请选择较小的尺寸或较少的通道</translation>
    </message>
    <message>
        <source>choose the picture that the output is to match</source>
        <translation>选择输出应当变成的图片</translation>
    </message>
    <message>
        <source>circular</source>
        <translation>循环</translation>
    </message>
    <message>
        <source>claims {0} x {1} pixels of {2} sample(s), not {3} x {4} of {5}</source>
        <translation>声称有 {0} x {1} 像素、每像素 {2} 个样本，而不是 {3} x {4}、{5} 个</translation>
    </message>
    <message>
        <source>class numbers are whole, from 0 to {0}</source>
        <translation>类别编号是整数，从 0 到 {0}</translation>
    </message>
    <message>
        <source>click a value to see where it comes from</source>
        <translation>单击一个值，看它从何而来</translation>
    </message>
    <message>
        <source>clipped: {shares}</source>
        <translation>被截断：{shares}</translation>
    </message>
    <message>
        <source>close other programs</source>
        <translation>请关闭其他程序</translation>
    </message>
    <message>
        <source>close other programs, or make it smaller</source>
        <translation>请关闭其他程序，或把它缩小</translation>
    </message>
    <message>
        <source>close some programs</source>
        <translation>请关闭一些程序</translation>
    </message>
    <message>
        <source>close that program</source>
        <translation>请关闭那个程序</translation>
    </message>
    <message>
        <source>close the parenthesis</source>
        <translation>请闭合括号</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>coloured above: the cells that this weight meets</source>
        <translation>上方着色的格：与该权重相遇的格</translation>
    </message>
    <message>
        <source>colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>column {col}</source>
        <translation>列 {col}</translation>
    </message>
    <message>
        <source>column {position}:</source>
        <translation>列 {position}：</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>commas between cells</source>
        <translation>单元格之间是逗号</translation>
    </message>
    <message>
        <source>compare another node, or give the last layer as many output channels</source>
        <translation>比较另一个节点，或让最后一层有同样多的输出通道</translation>
    </message>
    <message>
        <source>compare another node, or leave this one out</source>
        <translation>比较另一个节点，或不让它学习</translation>
    </message>
    <message>
        <source>compare it with another lesson</source>
        <translation>与另一节课对照</translation>
    </message>
    <message>
        <source>compare layers whose maps have one shape</source>
        <translation>比较图的形状相同的层</translation>
    </message>
    <message>
        <source>compare with {0}</source>
        <translation>请用 {0} 比较</translation>
    </message>
    <message>
        <source>comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>compass</source>
        <translation>罗盘</translation>
    </message>
    <message>
        <source>computing</source>
        <translation>计算中</translation>
    </message>
    <message>
        <source>computing {done} of {total}</source>
        <translation>正在计算 {done} / {total}</translation>
    </message>
    <message>
        <source>computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>condition {n}</source>
        <translation>条件数 {n}</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>常数</translation>
    </message>
    <message>
        <source>constant of {node}</source>
        <translation>{node} 的常数</translation>
    </message>
    <message>
        <source>constant parts times {zero}; the finest waves along the rows times {rows}, along the columns times {columns}</source>
        <translation>常数部分乘以 {zero}；沿水平方向最细的波乘以 {rows}，沿竖直方向乘以 {columns}</translation>
    </message>
    <message>
        <source>constraints is {0}</source>
        <translation>约束是 {0}</translation>
    </message>
    <message>
        <source>contribution</source>
        <translation>它贡献多少</translation>
    </message>
    <message>
        <source>converged</source>
        <translation>已收敛</translation>
    </message>
    <message>
        <source>convert it with onnx.version_converter</source>
        <translation>请用 onnx.version_converter 转换</translation>
    </message>
    <message>
        <source>convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>convolutions, filters, means and scales are</source>
        <translation>卷积、滤波器、平均和缩放才是</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>copy a layer that reads maps</source>
        <translation>请复制读取特征图的层</translation>
    </message>
    <message>
        <source>copy a picture, a file, a pipeline or a matrix of numbers first</source>
        <translation>先复制一张图片、一个文件、一条流水线或一个数字矩阵</translation>
    </message>
    <message>
        <source>copy it elsewhere</source>
        <translation>请复制到别处</translation>
    </message>
    <message>
        <source>copy its content into a file</source>
        <translation>请把内容复制到文件中</translation>
    </message>
    <message>
        <source>copy or export it again</source>
        <translation>重新复制或导出</translation>
    </message>
    <message>
        <source>copy the arrays into a file</source>
        <translation>请把数组复制到文件中</translation>
    </message>
    <message>
        <source>copy the picture into a file, or give - and pipe it in</source>
        <translation>请把图片复制到文件中，或用 - 并通过管道传入</translation>
    </message>
    <message>
        <source>copy the pipeline into a file</source>
        <translation>请把流程复制到文件中</translation>
    </message>
    <message>
        <source>correct it there, or save the pipeline again</source>
        <translation>在那里修正，或重新保存</translation>
    </message>
    <message>
        <source>correct: {own:.1%} of the training pictures, {other:.1%} of the validation pictures</source>
        <translation>正确：训练图片的 {own:.1%}，验证图片的 {other:.1%}</translation>
    </message>
    <message>
        <source>correlation</source>
        <translation>相关系数</translation>
    </message>
    <message>
        <source>cos</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>could not be drawn</source>
        <translation>无法绘制</translation>
    </message>
    <message>
        <source>count</source>
        <translation>个数</translation>
    </message>
    <message>
        <source>crop is {0}x{1}, a picture {2}x{3}</source>
        <translation>裁剪是 {0}x{1}，而一张图片是 {2}x{3}</translation>
    </message>
    <message>
        <source>crop less</source>
        <translation>少裁一些</translation>
    </message>
    <message>
        <source>crop or pad to a multiple of r</source>
        <translation>裁剪或填充到 r 的倍数</translation>
    </message>
    <message>
        <source>crop the target by hand</source>
        <translation>请手动裁剪目标</translation>
    </message>
    <message>
        <source>crop them to the same place, or use smaller pictures</source>
        <translation>请把两者裁剪到同一位置，或使用较小的图片</translation>
    </message>
    <message>
        <source>crop {0} leaves the picture of {1}</source>
        <translation>裁剪 {0} 超出了 {1} 的图片</translation>
    </message>
    <message>
        <source>cropping {0} and {1} leaves nothing of {2} cell(s)</source>
        <translation>裁去 {0} 和 {1} 后，{2} 格中什么也不剩</translation>
    </message>
    <message>
        <source>cross-correlation</source>
        <translation>互相关</translation>
    </message>
    <message>
        <source>cut it into parts first</source>
        <translation>先把它切成几部分</translation>
    </message>
    <message>
        <source>cut it into parts first, or have `filterlab run --memory` do it in tiles</source>
        <translation>请先切成几部分，或用 `filterlab run --memory` 分块处理</translation>
    </message>
    <message>
        <source>cut the animation into shorter ones</source>
        <translation>请把动画切成较短的几段</translation>
    </message>
    <message>
        <source>cycles a pixel</source>
        <translation>周期/像素</translation>
    </message>
    <message>
        <source>cycles/cell</source>
        <translation>周期/格</translation>
    </message>
    <message>
        <source>damaged parts that hold none of its pixels were left out: {0}</source>
        <translation>已略去不含像素的损坏部分：{0}</translation>
    </message>
    <message>
        <source>damaged parts that hold none of its pixels were left out: {0} and others</source>
        <translation>已略去不含像素的损坏部分：{0} 等</translation>
    </message>
    <message>
        <source>decimal commas</source>
        <translation>小数逗号</translation>
    </message>
    <message>
        <source>depth is {0}</source>
        <translation>depth 是 {0}</translation>
    </message>
    <message>
        <source>deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>did you mean {0}?</source>
        <translation>你是指 {0} 吗？</translation>
    </message>
    <message>
        <source>did you mean {0}? </source>
        <translation>您是指 {0} 吗？</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>difference: the first minus the second</source>
        <translation>差：第一个减第二个</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不同</translation>
    </message>
    <message>
        <source>digits in groups of three</source>
        <translation>数字三位一组</translation>
    </message>
    <message>
        <source>diverging</source>
        <translation>双向（发散型）</translation>
    </message>
    <message>
        <source>divide</source>
        <translation>除以</translation>
    </message>
    <message>
        <source>divide by another number</source>
        <translation>请除以另一个数</translation>
    </message>
    <message>
        <source>divide into</source>
        <translation>被除</translation>
    </message>
    <message>
        <source>divide the pictures by a number, or choose a smaller ridge</source>
        <translation>请把图片除以一个数，或选择较小的岭参数</translation>
    </message>
    <message>
        <source>divisor is 0</source>
        <translation>除数为 0</translation>
    </message>
    <message>
        <source>does not differ</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>done in {time}</source>
        <translation>用时 {time} 完成</translation>
    </message>
    <message>
        <source>download or export it again</source>
        <translation>请重新下载或重新导出</translation>
    </message>
    <message>
        <source>download the file itself</source>
        <translation>请下载文件本身</translation>
    </message>
    <message>
        <source>draws its pixels in too many passes or parts</source>
        <translation>绘制像素的遍数或段数过多</translation>
    </message>
    <message>
        <source>dy must have the shape of the output</source>
        <translation>dy 的形状必须与输出相同</translation>
    </message>
    <message>
        <source>each channel passed on</source>
        <translation>逐通道直通</translation>
    </message>
    <message>
        <source>each layer</source>
        <translation>每层</translation>
    </message>
    <message>
        <source>each map</source>
        <translation>每张特征图</translation>
    </message>
    <message>
        <source>each must be {0}</source>
        <translation>每个必须是 {0}</translation>
    </message>
    <message>
        <source>each of its axes must have 1 number, or as many as the input</source>
        <translation>它的每个轴只能有 1 个数，或与输入一样多</translation>
    </message>
    <message>
        <source>each on its own scale</source>
        <translation>各用各的色阶</translation>
    </message>
    <message>
        <source>each output of the layer reads {0} channel(s)</source>
        <translation>该层的每个输出读取 {0} 个通道</translation>
    </message>
    <message>
        <source>each row has {0} number(s)</source>
        <translation>每行有 {0} 个数</translation>
    </message>
    <message>
        <source>each row has {0} number(s), and there are at most {1} rows</source>
        <translation>每行有 {0} 个数，最多 {1} 行</translation>
    </message>
    <message>
        <source>each side</source>
        <translation>每一边</translation>
    </message>
    <message>
        <source>each side has 1 to {0} cells</source>
        <translation>每边 1 到 {0} 格</translation>
    </message>
    <message>
        <source>each value of {0} sees all of the picture</source>
        <translation>{0} 的每个值都看到整张图片</translation>
    </message>
    <message>
        <source>edges</source>
        <translation>边缘</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>enabled is {0}</source>
        <translation>enabled 是 {0}</translation>
    </message>
    <message>
        <source>end it with a Linear layer that has one output for each class</source>
        <translation>以每个类别一个输出的 Linear 结尾</translation>
    </message>
    <message>
        <source>end the network with a Linear layer that has one output for each class</source>
        <translation>网络末端用 Linear，每个类别一个输出</translation>
    </message>
    <message>
        <source>end the text with {0}</source>
        <translation>请以 {0} 结束文本</translation>
    </message>
    <message>
        <source>end with the name of a file, such as {0}</source>
        <translation>请以文件名结尾，例如 {0}</translation>
    </message>
    <message>
        <source>ended by an error</source>
        <translation>因错误而结束</translation>
    </message>
    <message>
        <source>ended by an error after {time}</source>
        <translation>{time} 后因错误结束</translation>
    </message>
    <message>
        <source>enlarge it to read it</source>
        <translation>放大后可读</translation>
    </message>
    <message>
        <source>entry {entry}</source>
        <translation>第 {entry} 项</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>epoch {place} of {total}</source>
        <translation>第 {place} 轮，共 {total} 轮</translation>
    </message>
    <message>
        <source>erf</source>
        <translation>误差函数</translation>
    </message>
    <message>
        <source>error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>estimated</source>
        <translation>估计值</translation>
    </message>
    <message>
        <source>every cell × {power}</source>
        <translation>每个单元格 × {power}</translation>
    </message>
    <message>
        <source>every map side by side; click any value</source>
        <translation>所有图并排显示；单击任意值</translation>
    </message>
    <message>
        <source>exists</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>exists and {0} more</source>
        <translation>已存在，另有 {0} 个也已存在</translation>
    </message>
    <message>
        <source>exists, will be kept</source>
        <translation>已存在，将保留</translation>
    </message>
    <message>
        <source>exists, will be replaced</source>
        <translation>已存在，将替换</translation>
    </message>
    <message>
        <source>exists: {0}</source>
        <translation>已存在：{0}</translation>
    </message>
    <message>
        <source>exp</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>exp(x) over its sum along the axis: positive numbers that add up to 1.</source>
        <translation>exp(x) 除以它沿轴的和：相加为 1 的正数。</translation>
    </message>
    <message>
        <source>exponential</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>export it again</source>
        <translation>重新导出</translation>
    </message>
    <message>
        <source>export it again, as PNG</source>
        <translation>请重新导出为 PNG</translation>
    </message>
    <message>
        <source>export it again, as PNG or TIFF</source>
        <translation>请重新导出为 PNG 或 TIFF</translation>
    </message>
    <message>
        <source>export the model for one picture</source>
        <translation>请按一张图片导出模型</translation>
    </message>
    <message>
        <source>factor</source>
        <translation>系数</translation>
    </message>
    <message>
        <source>failed: {n}</source>
        <translation>失败：{n}</translation>
    </message>
    <message>
        <source>falling</source>
        <translation>下降</translation>
    </message>
    <message>
        <source>features</source>
        <translation>特征数</translation>
    </message>
    <message>
        <source>fetch it with: git lfs pull</source>
        <translation>请用 git lfs pull 取回它</translation>
    </message>
    <message>
        <source>few weights</source>
        <translation>少量权重</translation>
    </message>
    <message>
        <source>few weights are sought among {0}</source>
        <translation>要在 {0} 个权重中寻找少量权重</translation>
    </message>
    <message>
        <source>field {h} × {w}</source>
        <translation>感受野 {h} × {w}</translation>
    </message>
    <message>
        <source>field {n}</source>
        <translation>感受野 {n}</translation>
    </message>
    <message>
        <source>field: the whole picture</source>
        <translation>感受野：整张图片</translation>
    </message>
    <message>
        <source>fields: {0}; texts stand in quotes</source>
        <translation>字段：{0}；文本须加引号</translation>
    </message>
    <message>
        <source>files cannot be written to {0}</source>
        <translation>无法把文件写入 {0}</translation>
    </message>
    <message>
        <source>files: {n}</source>
        <translation>文件：{n}</translation>
    </message>
    <message>
        <source>first change the size of the layer's kernels to {h} by {w}</source>
        <translation>先更改该层核的大小，{h} 乘 {w}</translation>
    </message>
    <message>
        <source>fit without the gain: it is then part of the weights</source>
        <translation>请不拟合增益：这样它就包含在权重里</translation>
    </message>
    <message>
        <source>floor</source>
        <translation>向下取整</translation>
    </message>
    <message>
        <source>floor(n * scale) cells on each axis, as torch.nn.Upsample(scale_factor=scale).</source>
        <translation>每个轴上 floor(n * scale) 格，同 torch.nn.Upsample(scale_factor=scale)。</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>已折叠</translation>
    </message>
    <message>
        <source>format is {0}</source>
        <translation>format 是 {0}</translation>
    </message>
    <message>
        <source>fps is {0}</source>
        <translation>fps 是 {0}</translation>
    </message>
    <message>
        <source>frequency</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>frequency response</source>
        <translation>频率响应</translation>
    </message>
    <message>
        <source>from channel {i} of the input to channel {o}</source>
        <translation>从输入的通道 {i} 到通道 {o}</translation>
    </message>
    <message>
        <source>full</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>full colour: ±{value}</source>
        <translation>最深的颜色：±{value}</translation>
    </message>
    <message>
        <source>full speed</source>
        <translation>全速</translation>
    </message>
    <message>
        <source>function is {0}</source>
        <translation>function 为 {0}</translation>
    </message>
    <message>
        <source>gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>gain in dB</source>
        <translation>增益（dB）</translation>
    </message>
    <message>
        <source>gain {n}</source>
        <translation>增益 {n}</translation>
    </message>
    <message>
        <source>gaussian</source>
        <translation>高斯</translation>
    </message>
    <message>
        <source>give "seed": a whole number, at least 0</source>
        <translation>给出 "seed"：一个不小于 0 的整数</translation>
    </message>
    <message>
        <source>give "shape": a list of whole numbers from 1 to {0}</source>
        <translation>给出 "shape"：由 1 到 {0} 的整数组成的列表</translation>
    </message>
    <message>
        <source>give (C, H, W) or (N, C, H, W), none of C, H, W zero</source>
        <translation>给出 (C, H, W) 或 (N, C, H, W)，C、H、W 都不为零</translation>
    </message>
    <message>
        <source>give (C, H, W), or (N, C, H, W) for a batch</source>
        <translation>给出 (C, H, W)，批次则给出 (N, C, H, W)</translation>
    </message>
    <message>
        <source>give (H, W) or (C, H, W)</source>
        <translation>请给出 (H, W) 或 (C, H, W)</translation>
    </message>
    <message>
        <source>give (H, W), (C, H, W) or (H, W, C)</source>
        <translation>给出 (H, W)、(C, H, W) 或 (H, W, C)</translation>
    </message>
    <message>
        <source>give (H, W), (C, H, W) or (N, C, H, W)</source>
        <translation>给出 (H, W)、(C, H, W) 或 (N, C, H, W)</translation>
    </message>
    <message>
        <source>give (N, H, W), (N, C, H, W) or (N, H, W, C)</source>
        <translation>给出 (N, H, W)、(N, C, H, W) 或 (N, H, W, C)</translation>
    </message>
    <message>
        <source>give (N, classes) and N class numbers</source>
        <translation>给出 (N, 类别数) 和 N 个类别编号</translation>
    </message>
    <message>
        <source>give (channels, height, width)</source>
        <translation>给出（通道数，高，宽）</translation>
    </message>
    <message>
        <source>give (channels, height, width) of a picture</source>
        <translation>请给出图片的（通道数，高，宽）</translation>
    </message>
    <message>
        <source>give (height, width)</source>
        <translation>给出（高，宽）</translation>
    </message>
    <message>
        <source>give (height, width) finite numbers</source>
        <translation>给出（高，宽）个有限的数</translation>
    </message>
    <message>
        <source>give (height, width), or one kernel for each of the {0} channel(s)</source>
        <translation>请给出 (高, 宽)，或为 {0} 个通道各给一个卷积核</translation>
    </message>
    <message>
        <source>give --memory to have it done in tiles, or name fewer nodes with --maps</source>
        <translation>给出 --memory 以分块处理，或用 --maps 指定更少的节点</translation>
    </message>
    <message>
        <source>give 1 or more</source>
        <translation>给出 1 或更大的数</translation>
    </message>
    <message>
        <source>give 8 or 16</source>
        <translation>给出 8 或 16</translation>
    </message>
    <message>
        <source>give LO,HI, or --format tiff</source>
        <translation>请给出 LO,HI，或使用 --format tiff</translation>
    </message>
    <message>
        <source>give [(picture, target)]</source>
        <translation>给出 [(图片, 目标)]</translation>
    </message>
    <message>
        <source>give a .npz file, or a folder of class folders</source>
        <translation>给出一个 .npz 文件，或一个由类别文件夹组成的文件夹</translation>
    </message>
    <message>
        <source>give a file with one name on each line</source>
        <translation>请给出每行一个名称的文件</translation>
    </message>
    <message>
        <source>give a finite number</source>
        <translation>给出一个有限的数</translation>
    </message>
    <message>
        <source>give a finite number that float32 can hold</source>
        <translation>给出一个 float32 能表示的有限的数</translation>
    </message>
    <message>
        <source>give a folder that holds a folder of pictures for each class</source>
        <translation>给出一个文件夹，其中每个类别有一个图片文件夹</translation>
    </message>
    <message>
        <source>give a folder, a .npz file or (pictures, labels)</source>
        <translation>给出一个文件夹、一个 .npz 文件或（图片，标签）</translation>
    </message>
    <message>
        <source>give a folder, or an address of {0}</source>
        <translation>请给出文件夹或 {0} 地址</translation>
    </message>
    <message>
        <source>give a guide of the same shape, or of one channel</source>
        <translation>请给出形状相同或单通道的引导图</translation>
    </message>
    <message>
        <source>give a larger one</source>
        <translation>请给出更大的值</translation>
    </message>
    <message>
        <source>give a list of node names, or ["{0}"]</source>
        <translation>给出节点名称的列表，或 ["{0}"]</translation>
    </message>
    <message>
        <source>give a list of {0}</source>
        <translation>给出由 {0} 组成的列表</translation>
    </message>
    <message>
        <source>give a matrix of numbers, as UTF-8</source>
        <translation>请给出 UTF-8 编码的数字矩阵</translation>
    </message>
    <message>
        <source>give a multiple of r * r channels</source>
        <translation>给出 r * r 的倍数个通道</translation>
    </message>
    <message>
        <source>give a number above 0</source>
        <translation>给出一个大于 0 的数</translation>
    </message>
    <message>
        <source>give a number above 0, or (height, width)</source>
        <translation>给出一个大于 0 的数，或（高，宽）</translation>
    </message>
    <message>
        <source>give a number from 0 to 100</source>
        <translation>请给出 0 到 100 之间的数</translation>
    </message>
    <message>
        <source>give a number from {0} to {1}</source>
        <translation>给出 {0} 到 {1} 之间的数</translation>
    </message>
    <message>
        <source>give a number of channels, 1 or more</source>
        <translation>给出通道数，1 或更多</translation>
    </message>
    <message>
        <source>give a number other than 0</source>
        <translation>请给出不为 0 的数</translation>
    </message>
    <message>
        <source>give a pipeline, or the path of its file</source>
        <translation>请给出流水线或其文件的路径</translation>
    </message>
    <message>
        <source>give a positive int or (height, width); None keeps a size</source>
        <translation>给出正整数或（高，宽）；None 表示保持大小</translation>
    </message>
    <message>
        <source>give a size to resize all of them to</source>
        <translation>给出一个大小，所有图片都缩放到它</translation>
    </message>
    <message>
        <source>give a small number, as 1e-6</source>
        <translation>请给出很小的数，如 1e-6</translation>
    </message>
    <message>
        <source>give a smaller kernel or a larger picture</source>
        <translation>请给出更小的卷积核或更大的图片</translation>
    </message>
    <message>
        <source>give a smaller size to resize all of them to</source>
        <translation>给出一个较小的大小，所有图片都缩放到它</translation>
    </message>
    <message>
        <source>give a string or a pathlib.Path</source>
        <translation>请给出字符串或 pathlib.Path</translation>
    </message>
    <message>
        <source>give a target for each</source>
        <translation>为每个给出一个目标</translation>
    </message>
    <message>
        <source>give a text file, or one of {0}</source>
        <translation>请给出文本文件，或 {0} 之一</translation>
    </message>
    <message>
        <source>give a text with a path on each line</source>
        <translation>请给出每行一个路径的文本</translation>
    </message>
    <message>
        <source>give a whole number, 1 or more</source>
        <translation>给出一个整数，1 或更大</translation>
    </message>
    <message>
        <source>give an int or (height, width)</source>
        <translation>给出一个整数或（高，宽）</translation>
    </message>
    <message>
        <source>give an int, (h, w), ((top, bottom), (left, right)), "valid", "same" or "full"; pad() crops</source>
        <translation>给出整数、(h, w)、((top, bottom), (left, right))、"valid"、"same" 或 "full"；pad() 可以裁剪</translation>
    </message>
    <message>
        <source>give any other number</source>
        <translation>给出任意其他的数</translation>
    </message>
    <message>
        <source>give arrays that are not empty</source>
        <translation>给出非空的数组</translation>
    </message>
    <message>
        <source>give auto, symmetric, percentile[:LO,HI], or the two values LO,HI, the lower first</source>
        <translation>请给出 auto、symmetric、percentile[:LO,HI]，或两个值 LO,HI，小的在前</translation>
    </message>
    <message>
        <source>give each its own name</source>
        <translation>给每个各自的名称</translation>
    </message>
    <message>
        <source>give each one number per channel</source>
        <translation>给每个通道一个数</translation>
    </message>
    <message>
        <source>give either rank or piece</source>
        <translation>请给出 rank 或 piece 之一</translation>
    </message>
    <message>
        <source>give every row the same length</source>
        <translation>让每行长度相同</translation>
    </message>
    <message>
        <source>give every row the same number of cells</source>
        <translation>请让每行的单元格数相同</translation>
    </message>
    <message>
        <source>give float32 or float64</source>
        <translation>请给出 float32 或 float64</translation>
    </message>
    <message>
        <source>give four axes, none empty: (output channels, input channels / groups, height, width)</source>
        <translation>给出四个轴，都不为空：（输出通道，输入通道 / 分组，高，宽）</translation>
    </message>
    <message>
        <source>give grey or RGB pictures</source>
        <translation>给出灰度或 RGB 图片</translation>
    </message>
    <message>
        <source>give it a "learn"</source>
        <translation>给它一个 "learn"</translation>
    </message>
    <message>
        <source>give it once</source>
        <translation>只给出一次</translation>
    </message>
    <message>
        <source>give its name, as "relu"</source>
        <translation>给出它的名称，如 "relu"</translation>
    </message>
    <message>
        <source>give its path</source>
        <translation>请给出其路径</translation>
    </message>
    <message>
        <source>give names of {0} letters at most</source>
        <translation>请给出最多 {0} 个字母的名称</translation>
    </message>
    <message>
        <source>give numbers (height, width) or {"preset": ...}</source>
        <translation>请给出数字 (高, 宽) 或 {"preset": ...}</translation>
    </message>
    <message>
        <source>give numbers other than 0</source>
        <translation>给出不为 0 的数</translation>
    </message>
    <message>
        <source>give numbers, nested lists, {"preset": ...}, {"wiener": ...} or {"init": ..., "shape": [...]}</source>
        <translation>请给出数字、嵌套列表、{"preset": ...}、{"wiener": ...} 或 {"init": ..., "shape": [...]}</translation>
    </message>
    <message>
        <source>give one for each</source>
        <translation>为每个给出一个</translation>
    </message>
    <message>
        <source>give one label for each picture</source>
        <translation>为每张图片给出一个标签</translation>
    </message>
    <message>
        <source>give one map or more</source>
        <translation>给出一张或更多的图</translation>
    </message>
    <message>
        <source>give one matrix: rows of numbers</source>
        <translation>请给出一个矩阵：若干行数字</translation>
    </message>
    <message>
        <source>give one number for each</source>
        <translation>为每个给出一个数</translation>
    </message>
    <message>
        <source>give one number for each channel</source>
        <translation>为每个通道给出一个数</translation>
    </message>
    <message>
        <source>give one number for each output</source>
        <translation>为每个输出给出一个数</translation>
    </message>
    <message>
        <source>give one number, or one for each channel</source>
        <translation>请给出一个数，或为每个通道各给一个数</translation>
    </message>
    <message>
        <source>give one of them</source>
        <translation>给出其中之一</translation>
    </message>
    <message>
        <source>give one of these, too, or leave it out</source>
        <translation>请同时给出其中之一，或去掉它</translation>
    </message>
    <message>
        <source>give one picture (C, H, W)</source>
        <translation>给出一张图片 (C, H, W)</translation>
    </message>
    <message>
        <source>give one picture and its target</source>
        <translation>请给出一张图片及其目标</translation>
    </message>
    <message>
        <source>give one, as fl.ReLU()</source>
        <translation>给出一个，如 fl.ReLU()</translation>
    </message>
    <message>
        <source>give paths; Pipeline.run takes arrays</source>
        <translation>请给出路径；数组请用 Pipeline.run</translation>
    </message>
    <message>
        <source>give real numbers</source>
        <translation>给出实数</translation>
    </message>
    <message>
        <source>give rows of equal length</source>
        <translation>给出长度相等的行</translation>
    </message>
    <message>
        <source>give size=(channels, height, width)</source>
        <translation>给出 size=(通道数, 高, 宽)</translation>
    </message>
    <message>
        <source>give size=(height, width)</source>
        <translation>给出 size=(height, width)</translation>
    </message>
    <message>
        <source>give the maps of one picture</source>
        <translation>请给出一张图片的特征图</translation>
    </message>
    <message>
        <source>give the node a shorter one</source>
        <translation>给节点一个更短的名称</translation>
    </message>
    <message>
        <source>give the node that size, or choose another kernel</source>
        <translation>把节点的核改成该大小，或选择另一个核</translation>
    </message>
    <message>
        <source>give the path of the file itself</source>
        <translation>请给出文件本身的路径</translation>
    </message>
    <message>
        <source>give them one size</source>
        <translation>让它们大小一致</translation>
    </message>
    <message>
        <source>give two classes or more</source>
        <translation>给出两个或更多类别</translation>
    </message>
    <message>
        <source>give two maps of the same shape</source>
        <translation>请给出形状相同的两个特征图</translation>
    </message>
    <message>
        <source>give two or more</source>
        <translation>给出两个或更多</translation>
    </message>
    <message>
        <source>give two or more of each: one to learn from and one to try</source>
        <translation>每类给出两张或更多：一张用于学习，一张用于检验</translation>
    </message>
    <message>
        <source>give whole numbers or names</source>
        <translation>给出整数或名称</translation>
    </message>
    <message>
        <source>give {"name": ..., "layer": ...}</source>
        <translation>给出 {"name": ..., "layer": ...}</translation>
    </message>
    <message>
        <source>give {"name": value}</source>
        <translation>给出 {"name": value}</translation>
    </message>
    <message>
        <source>given</source>
        <translation>指定</translation>
    </message>
    <message>
        <source>go on: leave out pictures that are done</source>
        <translation>继续：跳过已完成的图片</translation>
    </message>
    <message>
        <source>goes on far behind its last pixel</source>
        <translation>在最后一个像素之后还有大量数据</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>gradient descent</source>
        <translation>梯度下降</translation>
    </message>
    <message>
        <source>gradient descent cannot keep the constraint {0}</source>
        <translation>梯度下降无法保持约束 {0}</translation>
    </message>
    <message>
        <source>green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>groups</source>
        <translation>组</translation>
    </message>
    <message>
        <source>groups is {0} for {1} channel(s) in and {2} out</source>
        <translation>groups 是 {0}，而输入通道 {1} 个，输出通道 {2} 个</translation>
    </message>
    <message>
        <source>groups is {0}, which does not divide the {1} channel(s) of weight {2}</source>
        <translation>groups 是 {0}，不能整除权重 {2} 的 {1} 个通道</translation>
    </message>
    <message>
        <source>groups is {0}, which does not divide the {1} input channel(s)</source>
        <translation>groups 是 {0}，不能整除 {1} 个输入通道</translation>
    </message>
    <message>
        <source>groups is {0}, which does not divide the {1} output channel(s)</source>
        <translation>groups 是 {0}，不能整除 {1} 个输出通道</translation>
    </message>
    <message>
        <source>groups is {0}, which does not divide {1} channel(s)</source>
        <translation>groups 为 {0}，不能整除 {1} 个通道</translation>
    </message>
    <message>
        <source>half_pixel</source>
        <translation>半像素</translation>
    </message>
    <message>
        <source>half_pixel_symmetric</source>
        <translation>对称半像素</translation>
    </message>
    <message>
        <source>hamming</source>
        <translation>汉明窗</translation>
    </message>
    <message>
        <source>hann</source>
        <translation>汉宁窗</translation>
    </message>
    <message>
        <source>has {0} bit(s) a sample, not {1}</source>
        <translation>每个样本为 {0} 位，而不是 {1} 位</translation>
    </message>
    <message>
        <source>has {0} sample(s) a pixel, not {1}</source>
        <translation>每个像素有 {0} 个样本，而不是 {1} 个</translation>
    </message>
    <message>
        <source>height</source>
        <translation>高</translation>
    </message>
    <message>
        <source>height, width</source>
        <translation>高、宽</translation>
    </message>
    <message>
        <source>high is {0} and low {1}</source>
        <translation>高阈值为 {0}，低阈值为 {1}</translation>
    </message>
    <message>
        <source>high-pass</source>
        <translation>高通</translation>
    </message>
    <message>
        <source>holds LERC data of the first version</source>
        <translation>含有第一版的 LERC 数据</translation>
    </message>
    <message>
        <source>holds numbers of another kind than the {0}-bit ones of its page</source>
        <translation>所含数值的类型与其页面的 {0} 位数值不同</translation>
    </message>
    <message>
        <source>how far the influence of a cell reaches depends on the size of the picture</source>
        <translation>一格能影响多远取决于图片的大小</translation>
    </message>
    <message>
        <source>how many numbers</source>
        <translation>多少个数</translation>
    </message>
    <message>
        <source>in front of {0} it would be wrong at the borders, whose padding ({1}) is not normalised</source>
        <translation>在 {0} 之前并入会使边缘出错：那里的填充（{1}）没有归一化</translation>
    </message>
    <message>
        <source>in steps</source>
        <translation>阶梯</translation>
    </message>
    <message>
        <source>in {channel}</source>
        <translation>输入 {channel}</translation>
    </message>
    <message>
        <source>in {i} of {n}</source>
        <translation>输入 {i}（共 {n}）</translation>
    </message>
    <message>
        <source>infinite</source>
        <translation>无穷大</translation>
    </message>
    <message>
        <source>input channels</source>
        <translation>输入通道</translation>
    </message>
    <message>
        <source>input channels / groups</source>
        <translation>输入通道 / 分组</translation>
    </message>
    <message>
        <source>input {0} is missing</source>
        <translation>缺少输入 {0}</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>inputs is {0}</source>
        <translation>inputs 是 {0}</translation>
    </message>
    <message>
        <source>install Qt's system libraries, on Debian and Ubuntu: apt install {0}</source>
        <translation>安装 Qt 的系统库；在 Debian 和 Ubuntu 上：apt install {0}</translation>
    </message>
    <message>
        <source>install it with pip install 'filterlab[dask]'</source>
        <translation>请用 pip install 'filterlab[dask]' 安装</translation>
    </message>
    <message>
        <source>install it: pip install 'filterlab[onnx]'</source>
        <translation>请安装：pip install 'filterlab[onnx]'</translation>
    </message>
    <message>
        <source>install the same filterlab on all machines</source>
        <translation>请在所有机器上安装相同的 filterlab</translation>
    </message>
    <message>
        <source>install the same on all machines; share the folder, or give --fetch; allow enough --memory</source>
        <translation>在所有机器上安装相同版本；共享文件夹或使用 --fetch；给足 --memory</translation>
    </message>
    <message>
        <source>integrated</source>
        <translation>积分</translation>
    </message>
    <message>
        <source>is an animation</source>
        <translation>是动画</translation>
    </message>
    <message>
        <source>is cut into too many tiles</source>
        <translation>被分成过多的图块</translation>
    </message>
    <message>
        <source>is cut short</source>
        <translation>不完整，被截断</translation>
    </message>
    <message>
        <source>is damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>is smaller than it should be</source>
        <translation>比应有的尺寸小</translation>
    </message>
    <message>
        <source>it averages over cells that lie apart, without those of the padding</source>
        <translation>它对相隔的单元格求平均，且不计填充</translation>
    </message>
    <message>
        <source>it averages over the cells that it drops (antialias)</source>
        <translation>它对舍去的单元格求平均（antialias）</translation>
    </message>
    <message>
        <source>it can be read as {0} or as {1}</source>
        <translation>它可以读作 {0} 或 {1}</translation>
    </message>
    <message>
        <source>it can be read as {0}, as {1} or as {2}</source>
        <translation>它可以读作 {0}、{1} 或 {2}</translation>
    </message>
    <message>
        <source>it cannot be decoded: Python objects are never loaded</source>
        <translation>无法解码：从不加载 Python 对象</translation>
    </message>
    <message>
        <source>it cannot be decoded: it is cut short</source>
        <translation>无法解码：文件不完整</translation>
    </message>
    <message>
        <source>it cannot be decoded: its header is broken</source>
        <translation>无法解码：文件头已损坏</translation>
    </message>
    <message>
        <source>it cannot be decoded: its numbers are broken</source>
        <translation>无法解码：其中的数字已损坏</translation>
    </message>
    <message>
        <source>it cannot be decoded: no matrix of OpenCV can be read in it</source>
        <translation>无法解码：其中读不到 OpenCV 矩阵</translation>
    </message>
    <message>
        <source>it cannot be decoded: the archive is broken</source>
        <translation>无法解码：压缩包已损坏</translation>
    </message>
    <message>
        <source>it cannot be decoded: {0}</source>
        <translation>无法解码：{0}</translation>
    </message>
    <message>
        <source>it cannot be reached: {0}</source>
        <translation>无法访问：{0}</translation>
    </message>
    <message>
        <source>it cannot be read: {0}</source>
        <translation>无法读取：{0}</translation>
    </message>
    <message>
        <source>it cannot be streamed</source>
        <translation>它无法分块累计</translation>
    </message>
    <message>
        <source>it cannot be written</source>
        <translation>无法写入</translation>
    </message>
    <message>
        <source>it cannot be written: {0}</source>
        <translation>无法写入：{0}</translation>
    </message>
    <message>
        <source>it changes the number of channels</source>
        <translation>它改变了通道数</translation>
    </message>
    <message>
        <source>it claims {0} number(s) and holds {1}</source>
        <translation>它声称有 {0} 个数，实际只有 {1} 个</translation>
    </message>
    <message>
        <source>it claims {0} x {1} pixels, which {2} byte(s) can hardly hold</source>
        <translation>它声称有 {0} x {1} 像素，而 {2} 字节几乎不可能装下</translation>
    </message>
    <message>
        <source>it copies input channels to output channels, and needs both axes</source>
        <translation>它把输入通道传给输出通道，需要两个轴</translation>
    </message>
    <message>
        <source>it depends on {node}: the layers would form a cycle</source>
        <translation>它依赖 {node}：数据会形成环路</translation>
    </message>
    <message>
        <source>it divides by sums of powers of {0} along {1}</source>
        <translation>它除以沿 {1} 的 {0} 次幂之和</translation>
    </message>
    <message>
        <source>it does not fit the preview at 1/{0} of the size</source>
        <translation>它不适用于原尺寸 1/{0} 的预览</translation>
    </message>
    <message>
        <source>it does not hold numbers</source>
        <translation>它不含数字</translation>
    </message>
    <message>
        <source>it does not say where its data is</source>
        <translation>它没有说明数据在哪里</translation>
    </message>
    <message>
        <source>it does not see the output folder {0}</source>
        <translation>它看不到输出文件夹 {0}</translation>
    </message>
    <message>
        <source>it drops the axis of the batch</source>
        <translation>它去掉了批次轴</translation>
    </message>
    <message>
        <source>it drops values at random, as in training</source>
        <translation>它像训练时那样随机丢弃数值</translation>
    </message>
    <message>
        <source>it follows {0}, which is no convolution</source>
        <translation>它接在 {0} 之后，而那不是卷积</translation>
    </message>
    <message>
        <source>it gives {0} sizes for {1} axes</source>
        <translation>它为 {1} 个轴给出了 {0} 个尺寸</translation>
    </message>
    <message>
        <source>it goes along the batch</source>
        <translation>它沿批量轴计算</translation>
    </message>
    <message>
        <source>it has YCbCr stored as {0}, which is not supported</source>
        <translation>它含有以 {0} 存储的 YCbCr，不受支持</translation>
    </message>
    <message>
        <source>it has YCbCr with {0} bit(s) a sample, which is not supported</source>
        <translation>它含有每个样本 {0} 位的 YCbCr，不受支持</translation>
    </message>
    <message>
        <source>it has a fixed batch of {0}</source>
        <translation>它的批量固定为 {0}</translation>
    </message>
    <message>
        <source>it has a frame without pixels</source>
        <translation>它有一帧没有像素</translation>
    </message>
    <message>
        <source>it has a header of {0} bytes, which is not supported</source>
        <translation>它的文件头为 {0} 字节，不受支持</translation>
    </message>
    <message>
        <source>it has a predictor with {0}, which readers take in different ways</source>
        <translation>它在 {0} 中使用了预测器，各种读取程序对此的解释不同</translation>
    </message>
    <message>
        <source>it has an impossible shape</source>
        <translation>它的形状不可能存在</translation>
    </message>
    <message>
        <source>it has compression {0}, which is not supported</source>
        <translation>它使用压缩方式 {0}，不受支持</translation>
    </message>
    <message>
        <source>it has different kinds of numbers in one pixel, which is not supported</source>
        <translation>它的一个像素中有不同类型的数值，不受支持</translation>
    </message>
    <message>
        <source>it has different numbers of bits in one pixel, which is not supported</source>
        <translation>它的一个像素中有不同的位数，不受支持</translation>
    </message>
    <message>
        <source>it has floating-point numbers of {0} bit(s), which are not supported</source>
        <translation>它含有 {0} 位浮点数，不受支持</translation>
    </message>
    <message>
        <source>it has inks other than CMYK, which are not supported</source>
        <translation>它含有 CMYK 以外的油墨，不受支持</translation>
    </message>
    <message>
        <source>it has more than {0} MB, too much to send (share its folder, and leave --fetch out)</source>
        <translation>超过 {0} MB，无法发送（请共享其文件夹，并去掉 --fetch）</translation>
    </message>
    <message>
        <source>it has more than {0} bytes</source>
        <translation>超过 {0} 字节</translation>
    </message>
    <message>
        <source>it has more than {0} pages</source>
        <translation>它有超过 {0} 页</translation>
    </message>
    <message>
        <source>it has no end</source>
        <translation>它没有结尾</translation>
    </message>
    <message>
        <source>it has no inputs</source>
        <translation>它没有输入</translation>
    </message>
    <message>
        <source>it has no pages</source>
        <translation>它没有页面</translation>
    </message>
    <message>
        <source>it has no parameters</source>
        <translation>它没有参数</translation>
    </message>
    <message>
        <source>it has no pixels</source>
        <translation>它没有像素</translation>
    </message>
    <message>
        <source>it has no rows and columns of which a part could be compared</source>
        <translation>它没有行和列，无法只比较其中一部分</translation>
    </message>
    <message>
        <source>it has no {0}, here is {1}</source>
        <translation>那里没有 {0}，这里是 {1}</translation>
    </message>
    <message>
        <source>it has numbers for {0} channel(s), the layer beside it {1}</source>
        <translation>它有 {0} 个通道的数，相邻的层有 {1} 个</translation>
    </message>
    <message>
        <source>it has numbers in format {0}, which are not supported</source>
        <translation>它含有格式 {0} 的数值，不受支持</translation>
    </message>
    <message>
        <source>it has numbers of {0} bit(s), which are not supported</source>
        <translation>它含有 {0} 位的数值，不受支持</translation>
    </message>
    <message>
        <source>it has photometric interpretation {0}, which is not supported</source>
        <translation>它的光度解释为 {0}，不受支持</translation>
    </message>
    <message>
        <source>it has planes behind a page that is compressed or tiled, which is not supported</source>
        <translation>它在压缩或分块的页面之后还有平面，不受支持</translation>
    </message>
    <message>
        <source>it has predictor {0} with numbers of {1} bit(s), which is not supported</source>
        <translation>它对 {1} 位的数值使用预测器 {0}，不受支持</translation>
    </message>
    <message>
        <source>it has sides over {0} pixels and colours of 16 bits</source>
        <translation>它的边长超过 {0} 像素且颜色为 16 位</translation>
    </message>
    <message>
        <source>it has subsampled YCbCr in planes, with further samples, or with a predictor, which is not supported</source>
        <translation>它含有分平面、带有更多样本或带预测器的二次采样 YCbCr，不受支持</translation>
    </message>
    <message>
        <source>it has the axes {0}</source>
        <translation>它的轴为 {0}</translation>
    </message>
    <message>
        <source>it has the masks {0}, which are not supported</source>
        <translation>它的掩码为 {0}，不受支持</translation>
    </message>
    <message>
        <source>it has too many parts</source>
        <translation>它的组成部分过多</translation>
    </message>
    <message>
        <source>it has {0} axes</source>
        <translation>它有 {0} 个轴</translation>
    </message>
    <message>
        <source>it has {0} bits a pixel in compression {1}, which is not supported</source>
        <translation>它在压缩方式 {1} 中每像素为 {0} 位，不受支持</translation>
    </message>
    <message>
        <source>it has {0} by {1} cells</source>
        <translation>它有 {0} 乘 {1} 格</translation>
    </message>
    <message>
        <source>it has {0} byte(s) in no known part; some of its pixels may be wrong</source>
        <translation>它有 {0} 个字节不属于任何已知部分；部分像素可能有误</translation>
    </message>
    <message>
        <source>it has {0} byte(s), and JSON is read up to {1}</source>
        <translation>它有 {0} 字节，而 JSON 最多读取 {1} 字节</translation>
    </message>
    <message>
        <source>it has {0} byte(s), more than {1}</source>
        <translation>它有 {0} 字节，超过 {1} 字节</translation>
    </message>
    <message>
        <source>it has {0} byte(s), too many for names of classes</source>
        <translation>它有 {0} 字节，对类别名称来说太多</translation>
    </message>
    <message>
        <source>it has {0} bytes, more than an ONNX file can have</source>
        <translation>它有 {0} 字节，超过 ONNX 文件的上限</translation>
    </message>
    <message>
        <source>it has {0} input(s): {1}</source>
        <translation>它有 {0} 个输入：{1}</translation>
    </message>
    <message>
        <source>it has {0} layers, and may have {1}</source>
        <translation>它有 {0} 层，最多可有 {1} 层</translation>
    </message>
    <message>
        <source>it has {0} level(s), not a level {1}</source>
        <translation>它有 {0} 个层级，没有层级 {1}</translation>
    </message>
    <message>
        <source>it has {0} node(s)</source>
        <translation>它有 {0} 个节点</translation>
    </message>
    <message>
        <source>it has {0} of the {1} samples that {2} needs</source>
        <translation>它每像素有 {0} 个样本，而 {2} 需要 {1} 个</translation>
    </message>
    <message>
        <source>it has {0} of the {1} strips that its size needs</source>
        <translation>按其尺寸需要 {1} 个条带，它只有 {0} 个</translation>
    </message>
    <message>
        <source>it has {0} of the {1} tiles that its size needs</source>
        <translation>按其尺寸需要 {1} 个图块，它只有 {0} 个</translation>
    </message>
    <message>
        <source>it has {0} operators, more than {1}</source>
        <translation>它有 {0} 个算子，超过 {1} 个</translation>
    </message>
    <message>
        <source>it has {0} page(s), not a page {1}</source>
        <translation>它有 {0} 页，没有第 {1} 页</translation>
    </message>
    <message>
        <source>it has {0} parameters, and may have {1}</source>
        <translation>它有 {0} 个参数，最多可有 {1} 个</translation>
    </message>
    <message>
        <source>it has {0} with more than one bit a pixel, which is not supported</source>
        <translation>它含有每像素多于一位的 {0}，不受支持</translation>
    </message>
    <message>
        <source>it has {0} with {1} sample(s) of {2} bit(s), which is not supported</source>
        <translation>它含有 {1} 个 {2} 位样本的 {0}，不受支持</translation>
    </message>
    <message>
        <source>it has {0} {1}, here is {2}</source>
        <translation>那里是 {0} {1}，这里是 {2}</translation>
    </message>
    <message>
        <source>it holds Python objects, which are never loaded</source>
        <translation>它含有 Python 对象，这类内容从不加载</translation>
    </message>
    <message>
        <source>it holds a number of thousands of digits</source>
        <translation>它含有一个几千位的数</translation>
    </message>
    <message>
        <source>it holds a sample of {0}, above its maximum of {1}</source>
        <translation>它含有样本值 {0}，超过其最大值 {1}</translation>
    </message>
    <message>
        <source>it holds complex numbers</source>
        <translation>它含有复数</translation>
    </message>
    <message>
        <source>it holds no frame</source>
        <translation>它不含任何帧</translation>
    </message>
    <message>
        <source>it holds no names</source>
        <translation>它不含名称</translation>
    </message>
    <message>
        <source>it holds no numbers</source>
        <translation>它不含数字</translation>
    </message>
    <message>
        <source>it holds no pixels</source>
        <translation>它不含像素</translation>
    </message>
    <message>
        <source>it holds the digit {0} among its bits</source>
        <translation>它的位数据中含有数字 {0}</translation>
    </message>
    <message>
        <source>it holds {0} MB of numbers</source>
        <translation>它含有 {0} MB 的数</translation>
    </message>
    <message>
        <source>it holds {0} among its numbers</source>
        <translation>它的数值中含有 {0}</translation>
    </message>
    <message>
        <source>it holds {0} arrays</source>
        <translation>它含有 {0} 个数组</translation>
    </message>
    <message>
        <source>it holds {0} kernels: {1}</source>
        <translation>它含有 {0} 个卷积核：{1}</translation>
    </message>
    <message>
        <source>it holds {0} tensors, more than {1}</source>
        <translation>它含有 {0} 个张量，多于 {1} 个</translation>
    </message>
    <message>
        <source>it holds {0} value(s), more than {1}</source>
        <translation>它含有 {0} 个值，超过 {1}</translation>
    </message>
    <message>
        <source>it holds {0}, and none of {1}</source>
        <translation>它含有 {0}，而没有 {1}</translation>
    </message>
    <message>
        <source>it holds {0}, not real numbers</source>
        <translation>它含有 {0}，不是实数</translation>
    </message>
    <message>
        <source>it holds {0}, which are not supported</source>
        <translation>它含有{0}，不受支持</translation>
    </message>
    <message>
        <source>it holds {0}, which is not a number in JSON</source>
        <translation>它含有 {0}，这不是 JSON 的数</translation>
    </message>
    <message>
        <source>it is JSON, but not a pipeline</source>
        <translation>它是 JSON，但不是流水线</translation>
    </message>
    <message>
        <source>it is a DICOM picture, which is not read</source>
        <translation>这是 DICOM 图片，无法读取</translation>
    </message>
    <message>
        <source>it is a HEIC picture, which needs the extra package heif</source>
        <translation>这是 HEIC 图片，需要附加包 heif</translation>
    </message>
    <message>
        <source>it is a JPEG 2000 picture in YCC, CMYK or a palette with {0} bit(s)</source>
        <translation>这是 {0} 位的 YCC、CMYK 或调色板 JPEG 2000 图片</translation>
    </message>
    <message>
        <source>it is a JPEG XL picture in CMYK</source>
        <translation>这是 CMYK 颜色的 JPEG XL 图片</translation>
    </message>
    <message>
        <source>it is a JPEG with {0} bit(s), which is not read</source>
        <translation>这是 {0} 位的 JPEG，无法读取</translation>
    </message>
    <message>
        <source>it is a JPEG with {0} channel(s), which is not read</source>
        <translation>这是有 {0} 个通道的 JPEG，无法读取</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>它是一个文件夹</translation>
    </message>
    <message>
        <source>it is a list of {0} matrices</source>
        <translation>它是 {0} 个矩阵的列表</translation>
    </message>
    <message>
        <source>it is a recurrent layer</source>
        <translation>它是循环层</translation>
    </message>
    <message>
        <source>it is a safetensors file, but holds no pipeline</source>
        <translation>它是 safetensors 文件，但不含流水线</translation>
    </message>
    <message>
        <source>it is a video, or a picture of a kind that cannot be read</source>
        <translation>这是影片，或无法读取的图片类型</translation>
    </message>
    <message>
        <source>it is a volume of {0} layers, which is not supported</source>
        <translation>它是 {0} 层的体数据，不受支持</translation>
    </message>
    <message>
        <source>it is a web page, not an ONNX model</source>
        <translation>它是网页，不是 ONNX 模型</translation>
    </message>
    <message>
        <source>it is a {0} JPEG, which is not read</source>
        <translation>这是{0} JPEG，无法读取</translation>
    </message>
    <message>
        <source>it is an array of {0} axes</source>
        <translation>它是有 {0} 个轴的数组</translation>
    </message>
    <message>
        <source>it is an operator of {0}, not of ONNX itself</source>
        <translation>它是 {0} 的算子，不属于 ONNX 本身</translation>
    </message>
    <message>
        <source>it is cut into more than {0} {1}</source>
        <translation>它被切成超过 {0} 个{1}</translation>
    </message>
    <message>
        <source>it is cut into too many precincts</source>
        <translation>它被分成过多的区块（precinct）</translation>
    </message>
    <message>
        <source>it is cut into too many tiles</source>
        <translation>它被分成过多的图块</translation>
    </message>
    <message>
        <source>it is cut short</source>
        <translation>它不完整，被截断</translation>
    </message>
    <message>
        <source>it is cut short, or was assembled wrongly</source>
        <translation>它不完整，或拼接有误</translation>
    </message>
    <message>
        <source>it is divided by 0</source>
        <translation>除数为 0</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>它是空的</translation>
    </message>
    <message>
        <source>it is given {0} channel(s) and takes {1}</source>
        <translation>它得到 {0} 个通道，而需要 {1} 个</translation>
    </message>
    <message>
        <source>it is given {0} feature(s) and takes {1}</source>
        <translation>它得到 {0} 个特征，而需要 {1} 个</translation>
    </message>
    <message>
        <source>it is in the form that Apple's tools give PNG files of apps</source>
        <translation>它是 Apple 工具为应用程序生成的特殊 PNG 格式</translation>
    </message>
    <message>
        <source>it is kept as {path}</source>
        <translation>已保留为 {path}</translation>
    </message>
    <message>
        <source>it is larger than 2 GiB</source>
        <translation>它大于 2 GiB</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>嵌套过深</translation>
    </message>
    <message>
        <source>it is no TOML: {0}</source>
        <translation>不是 TOML：{0}</translation>
    </message>
    <message>
        <source>it is no text in UTF-8</source>
        <translation>不是 UTF-8 文本</translation>
    </message>
    <message>
        <source>it is no text, which a recipe has to be</source>
        <translation>不是文本，而配方必须是文本</translation>
    </message>
    <message>
        <source>it is not JSON: {0}</source>
        <translation>它不是 JSON：{0}</translation>
    </message>
    <message>
        <source>it is not a lesson: {0}</source>
        <translation>它不是课程：{0}</translation>
    </message>
    <message>
        <source>it is not a list of paths</source>
        <translation>这不是路径列表</translation>
    </message>
    <message>
        <source>it is not a picture</source>
        <translation>它不是图片</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>这不是普通文件</translation>
    </message>
    <message>
        <source>it is not a safetensors file, or was cut short</source>
        <translation>这不是 safetensors 文件，或文件不完整</translation>
    </message>
    <message>
        <source>it is not a safetensors file: its header is broken</source>
        <translation>它不是 safetensors 文件：文件头已损坏</translation>
    </message>
    <message>
        <source>it is not a session</source>
        <translation>它不是会话</translation>
    </message>
    <message>
        <source>it is not a table of finite numbers</source>
        <translation>它不是由有限的数组成的表</translation>
    </message>
    <message>
        <source>it is not an .npz file</source>
        <translation>这不是 .npz 文件</translation>
    </message>
    <message>
        <source>it is not an ONNX model, or is damaged</source>
        <translation>它不是 ONNX 模型，或已损坏</translation>
    </message>
    <message>
        <source>it is not an ONNX model: it has no operators</source>
        <translation>它不是 ONNX 模型：没有算子</translation>
    </message>
    <message>
        <source>it is not an exercise: {0}</source>
        <translation>它不是练习：{0}</translation>
    </message>
    <message>
        <source>it is not an object</source>
        <translation>它不是对象</translation>
    </message>
    <message>
        <source>it is not linear: the answer to a sum of pictures is not the sum of the answers</source>
        <translation>它不是线性的：图片之和的结果不等于结果之和</translation>
    </message>
    <message>
        <source>it is not made of channel {0} of its input</source>
        <translation>它不是由输入的通道 {0} 得到的</translation>
    </message>
    <message>
        <source>it is not part of this installation</source>
        <translation>此安装中没有它</translation>
    </message>
    <message>
        <source>it is not text</source>
        <translation>它不是文本</translation>
    </message>
    <message>
        <source>it is not text with numbers</source>
        <translation>这不是含有数字的文本</translation>
    </message>
    <message>
        <source>it is on another disk</source>
        <translation>它在另一个磁盘上</translation>
    </message>
    <message>
        <source>it is one of {0}</source>
        <translation>可选值为 {0}</translation>
    </message>
    <message>
        <source>it is stored in segments, which no program writes</source>
        <translation>它以分段方式存储，没有程序这样写</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>过大</translation>
    </message>
    <message>
        <source>it is too large for a kernel</source>
        <translation>它太大，不能作为核</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>过长</translation>
    </message>
    <message>
        <source>it is too short for {0} x {1} pixels</source>
        <translation>它太短，容纳不下 {0} x {1} 像素</translation>
    </message>
    <message>
        <source>it is {0} x {1}, too large for a kernel</source>
        <translation>它是 {0} x {1}，对卷积核来说过大</translation>
    </message>
    <message>
        <source>it is {0}, which is not read</source>
        <translation>它是 {0}，无法读取</translation>
    </message>
    <message>
        <source>it joins maps along {0}, not along the channels</source>
        <translation>它沿 {0} 而不是沿通道拼接特征图</translation>
    </message>
    <message>
        <source>it joins maps and constants at once</source>
        <translation>它同时合并特征图和常数</translation>
    </message>
    <message>
        <source>it joins tensors with the axes {0} and {1}</source>
        <translation>它合并轴为 {0} 和 {1} 的张量</translation>
    </message>
    <message>
        <source>it joins {0} large maps along {1}</source>
        <translation>它沿 {1} 拼接 {0} 个大特征图</translation>
    </message>
    <message>
        <source>it keeps the ratio of height to width by a rule of its own</source>
        <translation>它按自己的规则保持高宽比</translation>
    </message>
    <message>
        <source>it leaves out the cells beyond the border (exclude_outside)</source>
        <translation>它不计边界外的单元格（exclude_outside）</translation>
    </message>
    <message>
        <source>it makes whole numbers of a map</source>
        <translation>它把特征图变为整数</translation>
    </message>
    <message>
        <source>it may be broken or cut short; export it again</source>
        <translation>它可能损坏或不完整；请重新导出</translation>
    </message>
    <message>
        <source>it may be broken, or made to fill the memory</source>
        <translation>它可能已损坏，或是为耗尽内存而制作</translation>
    </message>
    <message>
        <source>it moves values by {0} beyond {1}</source>
        <translation>它把超过 {1} 的值移动 {0}</translation>
    </message>
    <message>
        <source>it multiplies a tensor with the axes {0} by one of {1} axes</source>
        <translation>它把轴为 {0} 的张量与 {1} 个轴的张量相乘</translation>
    </message>
    <message>
        <source>it multiplies something else than a vector by a matrix</source>
        <translation>它做的不是向量与矩阵的乘法</translation>
    </message>
    <message>
        <source>it must be "mean" or "sum"</source>
        <translation>必须是 "mean" 或 "sum"</translation>
    </message>
    <message>
        <source>it must be "none" or "tanh"</source>
        <translation>必须是 "none" 或 "tanh"</translation>
    </message>
    <message>
        <source>it must be 0 or more</source>
        <translation>必须大于等于 0</translation>
    </message>
    <message>
        <source>it must be [{"name": ..., "layer": ...}, ...]</source>
        <translation>必须是 [{"name": ..., "layer": ...}, ...]</translation>
    </message>
    <message>
        <source>it must be a number from {0} to {1}</source>
        <translation>必须是从 {0} 到 {1} 的数</translation>
    </message>
    <message>
        <source>it must be a whole number, 1 to {0}</source>
        <translation>必须是整数，1 到 {0}</translation>
    </message>
    <message>
        <source>it must be above 0</source>
        <translation>必须大于 0</translation>
    </message>
    <message>
        <source>it must be at least {0}</source>
        <translation>必须不小于 {0}</translation>
    </message>
    <message>
        <source>it must be less than the stride or the dilation</source>
        <translation>必须小于步幅或扩张</translation>
    </message>
    <message>
        <source>it must be no more than {0}</source>
        <translation>必须不大于 {0}</translation>
    </message>
    <message>
        <source>it must be true or false</source>
        <translation>必须是 true 或 false</translation>
    </message>
    <message>
        <source>it must be {0}</source>
        <translation>必须是{0}</translation>
    </message>
    <message>
        <source>it must be {0}, and no number larger than {1}</source>
        <translation>必须是{0}；不得超过 {1}</translation>
    </message>
    <message>
        <source>it must be {{"format": "{0}", "nodes": [...]}}</source>
        <translation>必须是 {{"format": "{0}", "nodes": [...]}}</translation>
    </message>
    <message>
        <source>it must divide both</source>
        <translation>它必须能整除两者</translation>
    </message>
    <message>
        <source>it names no layer</source>
        <translation>它没有指明层</translation>
    </message>
    <message>
        <source>it needs a part {0}, which is not known</source>
        <translation>它需要未知的部分 {0}</translation>
    </message>
    <message>
        <source>it needs a vector and is given maps of {0}</source>
        <translation>它需要向量，却得到 {0} 的图</translation>
    </message>
    <message>
        <source>it needs an array of Dask (C, H, W)</source>
        <translation>它需要一个 Dask 数组（C, H, W）</translation>
    </message>
    <message>
        <source>it needs its whole input of {0}, which is more than tiles can give</source>
        <translation>它需要整个输入 {0}，分块计算无法提供</translation>
    </message>
    <message>
        <source>it needs its whole input, and a block is a part</source>
        <translation>它需要整个输入，而一个块只是其中一部分</translation>
    </message>
    <message>
        <source>it needs maps (channels, height, width) and is given a vector of {0}</source>
        <translation>它需要图（通道，高，宽），却得到 {0} 的向量</translation>
    </message>
    <message>
        <source>it needs {0}</source>
        <translation>它需要 {0}</translation>
    </message>
    <message>
        <source>it needs {0} of memory, and may take {1}</source>
        <translation>它需要 {0} 内存，但只允许使用 {1}</translation>
    </message>
    <message>
        <source>it needs {0}M of memory at least, in {1} process(es)</source>
        <translation>它至少需要 {0}M 内存（{1} 个进程）</translation>
    </message>
    <message>
        <source>it normalises by the statistics of the batch, as in training</source>
        <translation>它像训练时那样按批量统计量归一化</translation>
    </message>
    <message>
        <source>it normalises over other axes than those of each map</source>
        <translation>它沿每幅特征图以外的轴归一化</translation>
    </message>
    <message>
        <source>it normalises over the axes {0}</source>
        <translation>它沿轴 {0} 归一化</translation>
    </message>
    <message>
        <source>it only says where Git LFS keeps the model</source>
        <translation>它只说明 Git LFS 把模型存放在哪里</translation>
    </message>
    <message>
        <source>it pads channels</source>
        <translation>它填充通道</translation>
    </message>
    <message>
        <source>it reads a constant where a map is needed</source>
        <translation>它在需要特征图的地方读取常数</translation>
    </message>
    <message>
        <source>it reads {0}, which depends on it</source>
        <translation>它读取 {0}，而后者依赖于它</translation>
    </message>
    <message>
        <source>it reads {0}, which is not carried</source>
        <translation>它读取未能载入的 {0}</translation>
    </message>
    <message>
        <source>it reads {0}, which nothing makes</source>
        <translation>它读取的 {0} 没有任何算子生成</translation>
    </message>
    <message>
        <source>it rearranges a constant by what depends on the picture</source>
        <translation>它按取决于图片的量重排常数</translation>
    </message>
    <message>
        <source>it reduces axes {0} of {1}</source>
        <translation>它归约 {1} 个轴中的轴 {0}</translation>
    </message>
    <message>
        <source>it reduces over the axes {0}</source>
        <translation>它沿轴 {0} 归约</translation>
    </message>
    <message>
        <source>it refers to something behind its end</source>
        <translation>它引用了文件末尾之后的内容</translation>
    </message>
    <message>
        <source>it says neither a size nor a scale</source>
        <translation>它既没有给出尺寸也没有给出倍数</translation>
    </message>
    <message>
        <source>it stores the picture in more than {0} scans</source>
        <translation>它分 {0} 遍以上绘制图片</translation>
    </message>
    <message>
        <source>it stores the picture in too many scans</source>
        <translation>它绘制图片的遍数过多</translation>
    </message>
    <message>
        <source>it sums over channels, and a cascade stands for one kernel a channel</source>
        <translation>它对各通道求和，而级联只代表每个通道一个卷积核</translation>
    </message>
    <message>
        <source>it sums over {0} channels, an even number</source>
        <translation>它对 {0} 个通道求和，是偶数</translation>
    </message>
    <message>
        <source>it sums powers of {0}</source>
        <translation>它对 {0} 次幂求和</translation>
    </message>
    <message>
        <source>it takes cells that lie apart</source>
        <translation>它取相隔的单元格</translation>
    </message>
    <message>
        <source>it takes longer than {0} s</source>
        <translation>用时超过 {0} 秒</translation>
    </message>
    <message>
        <source>it takes nothing of an axis</source>
        <translation>它从某个轴上什么也没取</translation>
    </message>
    <message>
        <source>it takes red, green and blue, or another three that make a colour</source>
        <translation>它需要红、绿、蓝，或构成一种颜色的另外三个通道</translation>
    </message>
    <message>
        <source>it takes the axes {0} together</source>
        <translation>它把轴 {0} 合在一起</translation>
    </message>
    <message>
        <source>it takes values in an order that no border has</source>
        <translation>它取值的顺序不属于任何边界方式</translation>
    </message>
    <message>
        <source>it takes values in an order that no slice has</source>
        <translation>它按切片做不到的次序取值</translation>
    </message>
    <message>
        <source>it takes {0} multiply-adds, and may take {1}</source>
        <translation>它需要 {0} 次乘加，最多可用 {1} 次</translation>
    </message>
    <message>
        <source>it tells two different sizes</source>
        <translation>它给出了两个不同的尺寸</translation>
    </message>
    <message>
        <source>it took longer than {0} s, and its process was ended</source>
        <translation>用时超过 {0} 秒，其进程已被结束</translation>
    </message>
    <message>
        <source>it turns rows or columns round</source>
        <translation>它颠倒行或列</translation>
    </message>
    <message>
        <source>it uses a variant of its format that cannot be read</source>
        <translation>它属于该格式中无法读取的一种</translation>
    </message>
    <message>
        <source>it was not finished after {n:g} seconds</source>
        <translation>{n:g} 秒后仍未完成</translation>
    </message>
    <message>
        <source>it was replaced on its server while it was read</source>
        <translation>读取过程中，服务器上的文件被替换了</translation>
    </message>
    <message>
        <source>it would be cut into {0} tile(s) along a side, more than {1}</source>
        <translation>沿一边会被切成 {0} 个分块，超过 {1} 个</translation>
    </message>
    <message>
        <source>it would be larger than the system allows</source>
        <translation>它会超过系统允许的大小</translation>
    </message>
    <message>
        <source>it would be {0} files a picture, more than {1}</source>
        <translation>每幅图片将产生 {0} 个文件，超过 {1}</translation>
    </message>
    <message>
        <source>it would read {0}: the nodes would form a cycle</source>
        <translation>它会读取 {0}：数据会形成环路</translation>
    </message>
    <message>
        <source>it would stand before {0}, which it reads</source>
        <translation>它会排在它所读取的 {0} 之前</translation>
    </message>
    <message>
        <source>it would take {0} multiply-adds instead of {1}</source>
        <translation>乘加运算将由 {1} 次变为 {0} 次</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>iteration {place} of {count}</source>
        <translation>第 {place} 次迭代，共 {count} 次</translation>
    </message>
    <message>
        <source>its EXIF data are damaged, so that it may lie on its side</source>
        <translation>它的 EXIF 数据已损坏，因此图片方向可能不对</translation>
    </message>
    <message>
        <source>its YCbCr subsampling makes no sense</source>
        <translation>它的 YCbCr 二次采样无意义</translation>
    </message>
    <message>
        <source>its animation is damaged: of the {0} frame(s) that it announces, {1} can be read</source>
        <translation>它的动画已损坏：声明了 {0} 帧，可以读取 {1} 帧</translation>
    </message>
    <message>
        <source>its attributes or inputs are not what the operator takes</source>
        <translation>它的属性或输入不符合该算子的要求</translation>
    </message>
    <message>
        <source>its base is a constant</source>
        <translation>它的底数是常数</translation>
    </message>
    <message>
        <source>its channels besides colours and alpha are not read</source>
        <translation>颜色和 alpha 之外的通道未读取</translation>
    </message>
    <message>
        <source>its channels have different depths</source>
        <translation>它各通道的位深不同</translation>
    </message>
    <message>
        <source>its channels lie in {0} page(s), more than {1}</source>
        <translation>它的通道分布在 {0} 页中，超过 {1} 页</translation>
    </message>
    <message>
        <source>its colours are in a space (number {0}) that is not read</source>
        <translation>它的颜色空间（编号 {0}）无法读取</translation>
    </message>
    <message>
        <source>its compressed data are damaged</source>
        <translation>它的压缩数据已损坏</translation>
    </message>
    <message>
        <source>its compressed data are damaged, so that a part of it may be wrong</source>
        <translation>它的压缩数据已损坏，因此图片的一部分可能有误</translation>
    </message>
    <message>
        <source>its compressed data are longer than they should be, so that a part of it may be wrong</source>
        <translation>它的压缩数据过长，因此图片的一部分可能有误</translation>
    </message>
    <message>
        <source>its compressed data are too short</source>
        <translation>它的压缩数据太短</translation>
    </message>
    <message>
        <source>its compressed data end before the last pixel</source>
        <translation>它的压缩数据在最后一个像素之前就结束了</translation>
    </message>
    <message>
        <source>its compressed data end too early, so that a part of it may be missing</source>
        <translation>它的压缩数据过早结束，因此图片可能缺少一部分</translation>
    </message>
    <message>
        <source>its compressed data go on after the last pixel</source>
        <translation>它的压缩数据在最后一个像素之后仍有内容</translation>
    </message>
    <message>
        <source>its compressed data go on far beyond the last pixel</source>
        <translation>它的压缩数据远远超出最后一个像素</translation>
    </message>
    <message>
        <source>its constant of {0} has more axes than the map</source>
        <translation>它的常数 {0} 的轴比特征图多</translation>
    </message>
    <message>
        <source>its constant of {0} would enlarge the map</source>
        <translation>它的常数 {0} 会使特征图变大</translation>
    </message>
    <message>
        <source>its contents are damaged</source>
        <translation>它的内容已损坏</translation>
    </message>
    <message>
        <source>its data goes beyond the end of {0}</source>
        <translation>它的数据超出 {0} 的末尾</translation>
    </message>
    <message>
        <source>its data is in {0}, which is no file in the model's folder</source>
        <translation>它的数据在 {0} 中，而这不是模型所在文件夹里的文件</translation>
    </message>
    <message>
        <source>its disk could not read it</source>
        <translation>磁盘无法读取该文件</translation>
    </message>
    <message>
        <source>its end is missing</source>
        <translation>它缺少结尾</translation>
    </message>
    <message>
        <source>its end is missing, and frames may be, too</source>
        <translation>它缺少结尾，也可能缺少一些帧</translation>
    </message>
    <message>
        <source>its entry in the journal cannot be withdrawn: {0}</source>
        <translation>无法撤销它在日志中的条目：{0}</translation>
    </message>
    <message>
        <source>its files are written, but the command cannot start: {0}</source>
        <translation>文件已写入，但命令无法启动：{0}</translation>
    </message>
    <message>
        <source>its files are written, but the command ended with status {0}</source>
        <translation>文件已写入，但命令以状态 {0} 结束</translation>
    </message>
    <message>
        <source>its files were damaged on the way</source>
        <translation>其文件在传输中损坏</translation>
    </message>
    <message>
        <source>its filterlab cannot be imported: {0}</source>
        <translation>它的 filterlab 无法导入：{0}</translation>
    </message>
    <message>
        <source>its first bytes were changed, as by a transfer in text mode</source>
        <translation>它开头的字节已被改动，可能是以文本模式传输所致</translation>
    </message>
    <message>
        <source>its folder does not exist</source>
        <translation>它的文件夹不存在</translation>
    </message>
    <message>
        <source>its format is {0}</source>
        <translation>它的格式是 {0}</translation>
    </message>
    <message>
        <source>its frame is drawn over {0} earlier ones, more than can be read</source>
        <translation>它的帧叠加在另外 {0} 帧上，超出可读取的数量</translation>
    </message>
    <message>
        <source>its frames have {0} bits for each sample, of which 8 are read</source>
        <translation>它的帧每个样本为 {0} 位，只读取其中 8 位</translation>
    </message>
    <message>
        <source>its grey runs from white to black, which means nothing for signed and floating-point numbers; they stay as stored</source>
        <translation>其灰度是从白到黑的，这对有符号数和浮点数没有意义；数值保持文件中的原样</translation>
    </message>
    <message>
        <source>its header claims {0} byte(s)</source>
        <translation>它的文件头声称有 {0} 字节</translation>
    </message>
    <message>
        <source>its header gives {0} x {1} pixels</source>
        <translation>它的文件头给出的尺寸为 {0} x {1} 像素</translation>
    </message>
    <message>
        <source>its header is damaged</source>
        <translation>它的文件头已损坏</translation>
    </message>
    <message>
        <source>its header says what PNG does not have</source>
        <translation>它的文件头含有 PNG 中不存在的设置</translation>
    </message>
    <message>
        <source>its header tells no size</source>
        <translation>它的文件头没有给出尺寸</translation>
    </message>
    <message>
        <source>its input has the axes {0}, not NCHW</source>
        <translation>它的输入的轴为 {0}，不是 NCHW</translation>
    </message>
    <message>
        <source>its input has the axes {0}, not {1}</source>
        <translation>它的输入的轴为 {0}，不是 {1}</translation>
    </message>
    <message>
        <source>its input is rearranged in a way that no layer does</source>
        <translation>它的输入以没有层能做到的方式重排</translation>
    </message>
    <message>
        <source>its input {0} does not exist</source>
        <translation>它的输入 {0} 不存在</translation>
    </message>
    <message>
        <source>its inputs do not fit</source>
        <translation>它的输入不合适</translation>
    </message>
    <message>
        <source>its inputs have their axes in different orders</source>
        <translation>它的各输入的轴次序不同</translation>
    </message>
    <message>
        <source>its kernel has {0} axes</source>
        <translation>它的卷积核有 {0} 个轴</translation>
    </message>
    <message>
        <source>its list of pages is broken after page {0}</source>
        <translation>它的页面列表在第 {0} 页之后已损坏</translation>
    </message>
    <message>
        <source>its list of pages runs in a circle after page {0}</source>
        <translation>它的页面列表在第 {0} 页之后形成循环</translation>
    </message>
    <message>
        <source>its lists are nested too deep</source>
        <translation>它的列表嵌套过深</translation>
    </message>
    <message>
        <source>its map cannot be moved to the disk: {0}</source>
        <translation>它的特征图无法移到磁盘：{0}</translation>
    </message>
    <message>
        <source>its map is larger than memory</source>
        <translation>它的特征图大于内存</translation>
    </message>
    <message>
        <source>its maps exist already and were kept</source>
        <translation>其特征图已存在，已予保留</translation>
    </message>
    <message>
        <source>its maps take {0} GiB, this machine has {1}</source>
        <translation>它的图需要 {0} GiB，而本机只有 {1}</translation>
    </message>
    <message>
        <source>its maps take {0}, and may take {1}</source>
        <translation>它的特征图占用 {0}，最多可占 {1}</translation>
    </message>
    <message>
        <source>its maximum value is {0}, not one from 1 to {1}</source>
        <translation>它的最大值为 {0}，不在 1 到 {1} 之间</translation>
    </message>
    <message>
        <source>its mode is {0}</source>
        <translation>它的模式为 {0}</translation>
    </message>
    <message>
        <source>its name contains characters that no file name can have</source>
        <translation>它的名称含有文件名不允许的字母</translation>
    </message>
    <message>
        <source>its numbers are {0}</source>
        <translation>它的数是 {0}</translation>
    </message>
    <message>
        <source>its numbers cannot be read</source>
        <translation>它的数字无法读取</translation>
    </message>
    <message>
        <source>its numbers lie outside the file</source>
        <translation>它的数值位于文件之外</translation>
    </message>
    <message>
        <source>its operators are of version {0}, those that are read of {1} and later</source>
        <translation>它的算子版本为 {0}，只能读取版本 {1} 及以后的</translation>
    </message>
    <message>
        <source>its output has shape {1}, and there are {0} classes</source>
        <translation>它的输出形状为 {1}，而类别有 {0} 个</translation>
    </message>
    <message>
        <source>its output has shape {1}, and there is {0} class</source>
        <translation>它的输出形状为 {1}，而类别有 {0} 个</translation>
    </message>
    <message>
        <source>its output of {0} would be more than {1} numbers</source>
        <translation>它的输出 {0} 将超过 {1} 个数</translation>
    </message>
    <message>
        <source>its palette fails its check sum</source>
        <translation>它的调色板校验和不符</translation>
    </message>
    <message>
        <source>its palette has {0} numbers instead of {1}</source>
        <translation>它的调色板有 {0} 个数，应为 {1} 个</translation>
    </message>
    <message>
        <source>its palette is damaged</source>
        <translation>它的调色板已损坏</translation>
    </message>
    <message>
        <source>its palette is missing</source>
        <translation>它缺少调色板</translation>
    </message>
    <message>
        <source>its palette is too long</source>
        <translation>它的调色板过长</translation>
    </message>
    <message>
        <source>its palette makes no sense</source>
        <translation>它的调色板无意义</translation>
    </message>
    <message>
        <source>its parts are out of order</source>
        <translation>它的各部分顺序错误</translation>
    </message>
    <message>
        <source>its parts cannot be told apart</source>
        <translation>无法区分它的各个部分</translation>
    </message>
    <message>
        <source>its parts {0} do not make {1}</source>
        <translation>它的各部分 {0} 之和不是 {1}</translation>
    </message>
    <message>
        <source>its path is longer than the system allows</source>
        <translation>路径超过了系统允许的长度</translation>
    </message>
    <message>
        <source>its pipeline cannot be decoded: {0}</source>
        <translation>它的流水线无法解码：{0}</translation>
    </message>
    <message>
        <source>its pipeline is broken: {0}</source>
        <translation>它的流水线已损坏：{0}</translation>
    </message>
    <message>
        <source>its pixels are cut short</source>
        <translation>它的像素数据不完整</translation>
    </message>
    <message>
        <source>its pixels are stored as {0}, which is not supported</source>
        <translation>它的像素以 {0} 存储，不受支持</translation>
    </message>
    <message>
        <source>its pixels are stored with compression {0}, which is not supported</source>
        <translation>它的像素以压缩方式 {0} 存储，不受支持</translation>
    </message>
    <message>
        <source>its pixels fail their check sum</source>
        <translation>它的像素校验和不符</translation>
    </message>
    <message>
        <source>its process ended with status {0}</source>
        <translation>其进程以状态 {0} 结束</translation>
    </message>
    <message>
        <source>its receptive field repeats only after more than {0} outputs, which are too many to examine</source>
        <translation>它的感受野在超过 {0} 个输出之后才重复，太多，无法逐一查看</translation>
    </message>
    <message>
        <source>its reference black is its reference white</source>
        <translation>它的参考黑与参考白相同</translation>
    </message>
    <message>
        <source>its result from constants is too large, or cannot be computed</source>
        <translation>它由常数得出的结果过大，或无法计算</translation>
    </message>
    <message>
        <source>its rows differ in length</source>
        <translation>它的各行长度不同</translation>
    </message>
    <message>
        <source>its server does not answer</source>
        <translation>服务器没有响应</translation>
    </message>
    <message>
        <source>its shape is {0}, that of the layer's {1} is {2}</source>
        <translation>它的形状是 {0}，而该层的 {1} 的形状是 {2}</translation>
    </message>
    <message>
        <source>its shape {0} does not agree with its {1} byte(s)</source>
        <translation>它的形状 {0} 与它的 {1} 字节不符</translation>
    </message>
    <message>
        <source>its strips or tiles have no pixels</source>
        <translation>它的条带或图块没有像素</translation>
    </message>
    <message>
        <source>its strips or tiles overlap</source>
        <translation>它的条带或图块相互重叠</translation>
    </message>
    <message>
        <source>its sum is the score {0} less the constant {1}</source>
        <translation>其总和等于得分 {0} 减去常数 {1}</translation>
    </message>
    <message>
        <source>its sum is {0} of the value {1}</source>
        <translation>其总和为 {0}，该值为 {1}</translation>
    </message>
    <message>
        <source>its sum of {0} terms has no room in a page</source>
        <translation>它由 {0} 项相加而成，页面容纳不下</translation>
    </message>
    <message>
        <source>its symbolic links form a circle</source>
        <translation>它的链接首尾相接，形成了循环</translation>
    </message>
    <message>
        <source>its tag {0} holds no whole numbers</source>
        <translation>它的标签 {0} 不是整数</translation>
    </message>
    <message>
        <source>its tag {0} is negative</source>
        <translation>它的标签 {0} 为负数</translation>
    </message>
    <message>
        <source>its tag {0} makes no sense</source>
        <translation>它的标签 {0} 无意义</translation>
    </message>
    <message>
        <source>its tags refer to the same bytes over and over</source>
        <translation>它的标签反复引用相同的字节</translation>
    </message>
    <message>
        <source>its tiles of {0} x {1} pixels are far larger than its {2} x {3} pixels</source>
        <translation>它的图块为 {0} x {1} 像素，远大于图片的 {2} x {3} 像素</translation>
    </message>
    <message>
        <source>its uncertainty</source>
        <translation>其不确定度</translation>
    </message>
    <message>
        <source>its weights are {0} number(s), too many to write out</source>
        <translation>它的权重有 {0} 个数，太多，无法写出</translation>
    </message>
    <message>
        <source>its window is larger than its input</source>
        <translation>窗口大于输入</translation>
    </message>
    <message>
        <source>its workers do not answer</source>
        <translation>其工作进程没有应答</translation>
    </message>
    <message>
        <source>keep height and width equal</source>
        <translation>保持高和宽相等</translation>
    </message>
    <message>
        <source>keep one of them</source>
        <translation>保留其中一个</translation>
    </message>
    <message>
        <source>keep the cropping layer</source>
        <translation>请保留裁剪层</translation>
    </message>
    <message>
        <source>keep the learned step and save the pipeline first</source>
        <translation>请先保留学到的步并保存流水线</translation>
    </message>
    <message>
        <source>keep them</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>kernel</source>
        <translation>核</translation>
    </message>
    <message>
        <source>kernel cells</source>
        <translation>核的格子</translation>
    </message>
    <message>
        <source>kernel of {channels} × {height} × {width}</source>
        <translation>{channels} × {height} × {width} 的核</translation>
    </message>
    <message>
        <source>kernel, out {channel}</source>
        <translation>核，输出 {channel}</translation>
    </message>
    <message>
        <source>labels has {0} name(s) for {1} class(es)</source>
        <translation>labels 有 {0} 个名称，而类别有 {1} 个</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>largest |A − B|</source>
        <translation>最大 |A − B|</translation>
    </message>
    <message>
        <source>last node</source>
        <translation>最后一个节点</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>layer is {0}</source>
        <translation>layer 是 {0}</translation>
    </message>
    <message>
        <source>layers are immutable</source>
        <translation>层是不可变的</translation>
    </message>
    <message>
        <source>lbfgs cannot keep weights at 0 or above</source>
        <translation>lbfgs 无法使权重不低于 0</translation>
    </message>
    <message>
        <source>lbfgs sees all pictures at every step, and {0} is {1}</source>
        <translation>lbfgs 每一步都看到所有图片，而 {0} 是 {1}</translation>
    </message>
    <message>
        <source>learn from whole pictures</source>
        <translation>从整张图片学习</translation>
    </message>
    <message>
        <source>learn from whole pictures, or try a crop that is a multiple of the stride</source>
        <translation>用整张图片学习，或试试大小是步幅倍数的裁剪</translation>
    </message>
    <message>
        <source>learn it by gradient descent</source>
        <translation>用梯度下降学习它</translation>
    </message>
    <message>
        <source>learning ended</source>
        <translation>学习已结束</translation>
    </message>
    <message>
        <source>least squares</source>
        <translation>最小二乘</translation>
    </message>
    <message>
        <source>least squares finds a kernel between two pictures, not one that distinguishes classes</source>
        <translation>最小二乘求的是两张图片之间的核，不能用来区分类别</translation>
    </message>
    <message>
        <source>least squares finds one kernel, directly between picture and target</source>
        <translation>最小二乘求出一个核，直接在图片与目标之间</translation>
    </message>
    <message>
        <source>least squares has no solution here</source>
        <translation>最小二乘在此没有答案</translation>
    </message>
    <message>
        <source>least squares makes kernels of at most {0} cells a side</source>
        <translation>最小二乘至多产生边长 {0} 格的卷积核</translation>
    </message>
    <message>
        <source>least squares needs stride 1 and dilation 1</source>
        <translation>最小二乘要求步幅 1、扩张 1</translation>
    </message>
    <message>
        <source>least squares, stopped at the noise</source>
        <translation>最小二乘，到噪声为止</translation>
    </message>
    <message>
        <source>least squares: RMS error {rms}, R² {r2}</source>
        <translation>最小二乘：均方根误差 {rms}，R² {r2}</translation>
    </message>
    <message>
        <source>least squares: computing…</source>
        <translation>最小二乘：正在计算…</translation>
    </message>
    <message>
        <source>leave --montage out</source>
        <translation>请去掉 --montage</translation>
    </message>
    <message>
        <source>leave it out</source>
        <translation>请去掉它</translation>
    </message>
    <message>
        <source>leave it out, or add some</source>
        <translation>请省略它，或添加一些</translation>
    </message>
    <message>
        <source>leave it out, or choose another method</source>
        <translation>请不要给出，或选择其他方法</translation>
    </message>
    <message>
        <source>leave it out, or use adam</source>
        <translation>不给出它，或使用 adam</translation>
    </message>
    <message>
        <source>leave one out</source>
        <translation>请去掉其中一个</translation>
    </message>
    <message>
        <source>leave the constraints out</source>
        <translation>不要给出约束</translation>
    </message>
    <message>
        <source>leave the size out, or give that of the file</source>
        <translation>请省略尺寸，或给出文件中的尺寸</translation>
    </message>
    <message>
        <source>leave them out</source>
        <translation>请去掉它们</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>left = right</source>
        <translation>左右相等</translation>
    </message>
    <message>
        <source>left = right, top = bottom</source>
        <translation>左 = 右，上 = 下</translation>
    </message>
    <message>
        <source>left and right</source>
        <translation>左和右</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>未指定（默认）</translation>
    </message>
    <message>
        <source>less than 0.1 %</source>
        <translation>不到 0.1%</translation>
    </message>
    <message>
        <source>let one Filter2d or Conv2d that reads the picture learn, and compare its own output</source>
        <translation>让一个读取图片的 Filter2d 或 Conv2d 学习，并比较它自己的输出</translation>
    </message>
    <message>
        <source>let one of them read another node</source>
        <translation>让其中一个读取另一个节点</translation>
    </message>
    <message>
        <source>let them agree: crop the target, or pad the layers ("same")</source>
        <translation>让它们一致：裁剪目标，或给各层加填充（"same"）</translation>
    </message>
    <message>
        <source>levels count from 0, the picture in full</source>
        <translation>层级从 0 开始计数，0 为完整图片</translation>
    </message>
    <message>
        <source>like compares texts</source>
        <translation>like 用于比较文本</translation>
    </message>
    <message>
        <source>lines are rows</source>
        <translation>一行文字就是一行</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>log(1 + exp(beta * x)) / beta, and x itself where beta * x is above the threshold.</source>
        <translation>log(1 + exp(beta * x)) / beta；beta * x 超过阈值时为 x 本身。</translation>
    </message>
    <message>
        <source>log(1 / (1 + exp(-x))), as torch.nn.LogSigmoid.</source>
        <translation>log(1 / (1 + exp(-x)))，与 torch.nn.LogSigmoid 相同。</translation>
    </message>
    <message>
        <source>logits have shape {0}, the target {1}</source>
        <translation>logits 的形状是 {0}，目标是 {1}</translation>
    </message>
    <message>
        <source>look whether they are still there</source>
        <translation>请检查它们是否还在</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>loss (cross-entropy)</source>
        <translation>损失（交叉熵）</translation>
    </message>
    <message>
        <source>loss ({kind})</source>
        <translation>损失（{kind}）</translation>
    </message>
    <message>
        <source>loss {n}</source>
        <translation>损失 {n}</translation>
    </message>
    <message>
        <source>loss {n} before this step</source>
        <translation>这一步之前的损失 {n}</translation>
    </message>
    <message>
        <source>lossless JPEG of Leaf</source>
        <translation>Leaf 的无损 JPEG</translation>
    </message>
    <message>
        <source>low, high, gain</source>
        <translation>低, 高, 增益</translation>
    </message>
    <message>
        <source>low-pass</source>
        <translation>低通</translation>
    </message>
    <message>
        <source>m is the largest x</source>
        <translation>m 是最大的 x</translation>
    </message>
    <message>
        <source>make another: layer.replace({0}=...)</source>
        <translation>请另建一个：layer.replace({0}=...)</translation>
    </message>
    <message>
        <source>make high at least as large as low</source>
        <translation>高阈值不得小于低阈值</translation>
    </message>
    <message>
        <source>make it first, or name another</source>
        <translation>请先建立它，或指定另一个</translation>
    </message>
    <message>
        <source>make room on it, or choose another one</source>
        <translation>请腾出空间，或换一个</translation>
    </message>
    <message>
        <source>make the folder {0} first</source>
        <translation>先创建文件夹 {0}</translation>
    </message>
    <message>
        <source>making the first iteration</source>
        <translation>正在进行第一次迭代</translation>
    </message>
    <message>
        <source>map</source>
        <translation>单图</translation>
    </message>
    <message>
        <source>maps of a picture that is larger than memory are not saved here</source>
        <translation>大于内存的图片，其特征图不能在此保存</translation>
    </message>
    <message>
        <source>maps that are not on the wall need {0}, but only {1} is available</source>
        <translation>不在特征图墙上的图需要 {0}，而只有 {1} 可用</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>max(0, x), value by value; NaN passes. The gradient at 0 is 0.</source>
        <translation>max(0, x)，逐值计算；NaN 原样通过。0 处的梯度为 0。</translation>
    </message>
    <message>
        <source>max_val {0} does not exceed min_val {1}</source>
        <translation>max_val {0} 不大于 min_val {1}</translation>
    </message>
    <message>
        <source>maximum</source>
        <translation>取较大者</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>mean has {0} number(s), std {1}</source>
        <translation>mean 有 {0} 个数，std 有 {1} 个</translation>
    </message>
    <message>
        <source>mean of magnitudes</source>
        <translation>绝对值的平均</translation>
    </message>
    <message>
        <source>mean of squares</source>
        <translation>平方的平均</translation>
    </message>
    <message>
        <source>mean of {count}</source>
        <translation>{count} 个的平均</translation>
    </message>
    <message>
        <source>mean |A − B|</source>
        <translation>平均 |A − B|</translation>
    </message>
    <message>
        <source>merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>merge its branches</source>
        <translation>请合并它的分支</translation>
    </message>
    <message>
        <source>merge maps with maps</source>
        <translation>图只能与图合并</translation>
    </message>
    <message>
        <source>merge maps with maps, and vectors with vectors</source>
        <translation>图与图合并，向量与向量合并</translation>
    </message>
    <message>
        <source>min</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>min(max(x + 3, 0), 6) / 6, a sigmoid of three straight lines.</source>
        <translation>min(max(x + 3, 0), 6) / 6，由三段直线组成的 sigmoid。</translation>
    </message>
    <message>
        <source>min(max(x, 0), 6); Krizhevsky 2010.</source>
        <translation>min(max(x, 0), 6)；Krizhevsky 2010。</translation>
    </message>
    <message>
        <source>min(max(x, min), max); a limit left out does not apply. Where min exceeds max, all values are max.</source>
        <translation>min(max(x, min), max)；没有给出的界限不起作用。min 大于 max 时全部为 max。</translation>
    </message>
    <message>
        <source>min(max(x, min_val), max_val), as torch.nn.Hardtanh.</source>
        <translation>min(max(x, min_val), max_val)，与 torch.nn.Hardtanh 相同。</translation>
    </message>
    <message>
        <source>minimum</source>
        <translation>取较小者</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>mode is {0}</source>
        <translation>mode 是 {0}</translation>
    </message>
    <message>
        <source>models of one picture have four</source>
        <translation>一张图片的模型有四个轴</translation>
    </message>
    <message>
        <source>models that take one picture are read</source>
        <translation>只能读取接受一张图片的模型</translation>
    </message>
    <message>
        <source>more would be cut off the map than the padding adds</source>
        <translation>从特征图上裁去的将多于填充所添加的</translation>
    </message>
    <message>
        <source>more would be padded than a transposed convolution reaches</source>
        <translation>所需填充超出转置卷积所及的范围</translation>
    </message>
    <message>
        <source>morphology</source>
        <translation>形态学</translation>
    </message>
    <message>
        <source>move it less far, or change its inputs</source>
        <translation>少移一些，或更改它的输入</translation>
    </message>
    <message>
        <source>multiply</source>
        <translation>乘</translation>
    </message>
    <message>
        <source>name a .json or .safetensors file</source>
        <translation>指定一个 .json 或 .safetensors 文件</translation>
    </message>
    <message>
        <source>name a .png file</source>
        <translation>指定一个 .png 文件</translation>
    </message>
    <message>
        <source>name a file</source>
        <translation>指定一个文件</translation>
    </message>
    <message>
        <source>name a file below it</source>
        <translation>请指定其下的文件</translation>
    </message>
    <message>
        <source>name a file in it</source>
        <translation>请指定其中的一个文件</translation>
    </message>
    <message>
        <source>name a folder for them, or leave it out</source>
        <translation>请指定文件夹，或省略它</translation>
    </message>
    <message>
        <source>name a later node on its path</source>
        <translation>指定其路径上更靠后的节点</translation>
    </message>
    <message>
        <source>name a layer that makes maps</source>
        <translation>指定一个产生图的层</translation>
    </message>
    <message>
        <source>name a node that has maps</source>
        <translation>指定一个有图的节点</translation>
    </message>
    <message>
        <source>name an earlier node on its path</source>
        <translation>指定其路径上更靠前的节点</translation>
    </message>
    <message>
        <source>name another folder</source>
        <translation>请换一个文件夹</translation>
    </message>
    <message>
        <source>name ends in a folder: {0}</source>
        <translation>name 以文件夹结尾：{0}</translation>
    </message>
    <message>
        <source>name has a brace without its pair: {0}</source>
        <translation>name 中的花括号不成对：{0}</translation>
    </message>
    <message>
        <source>name has a character that no file name can have: {0}</source>
        <translation>name 含有文件名不能有的字符：{0}</translation>
    </message>
    <message>
        <source>name has a format that is not allowed: {0}</source>
        <translation>name 含有不允许的格式：{0}</translation>
    </message>
    <message>
        <source>name has an unknown field: {0}</source>
        <translation>name 含有未知字段：{0}</translation>
    </message>
    <message>
        <source>name leads out of the output folder: {0}</source>
        <translation>name 指向输出文件夹之外：{0}</translation>
    </message>
    <message>
        <source>name nodes that have some</source>
        <translation>指定有权重的节点</translation>
    </message>
    <message>
        <source>name nodes that lead there: {0}</source>
        <translation>给出通向它的节点：{0}</translation>
    </message>
    <message>
        <source>name nodes with --maps, write --format npy, or give --maps all</source>
        <translation>请用 --maps 指定节点，或用 --format npy，或给出 --maps all</translation>
    </message>
    <message>
        <source>name of the node</source>
        <translation>节点的名称</translation>
    </message>
    <message>
        <source>name one as IMAGE</source>
        <translation>请以 IMAGE 指定一个</translation>
    </message>
    <message>
        <source>name one, or {0}</source>
        <translation>指定一个，或 {0}</translation>
    </message>
    <message>
        <source>name the pictures in it</source>
        <translation>指定其中的图片</translation>
    </message>
    <message>
        <source>name the pictures x and their classes y</source>
        <translation>图片命名为 x，类别命名为 y</translation>
    </message>
    <message>
        <source>nearest</source>
        <translation>最近邻</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>取负</translation>
    </message>
    <message>
        <source>neighbouring residuals are correlated ({0}), as where the kernel is too small or the noise is not white; the standard errors allow for it</source>
        <translation>相邻的残差彼此相关（{0}），例如卷积核太小或噪声不是白噪声时；标准误已将此计入</translation>
    </message>
    <message>
        <source>neither margin nor size is given</source>
        <translation>margin 和 size 都没有给出</translation>
    </message>
    <message>
        <source>neither min nor max is given</source>
        <translation>min 和 max 都没有给出</translation>
    </message>
    <message>
        <source>neither weight nor bias is given</source>
        <translation>weight 和 bias 都没有给出</translation>
    </message>
    <message>
        <source>nesterov needs momentum without dampening</source>
        <translation>nesterov 需要动量，且没有阻尼</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message>
        <source>no epoch is finished yet</source>
        <translation>还没有完成一轮</translation>
    </message>
    <message>
        <source>no field</source>
        <translation>没有感受野</translation>
    </message>
    <message>
        <source>no folder in it holds pictures</source>
        <translation>其中没有含图片的文件夹</translation>
    </message>
    <message>
        <source>no layer does what it does</source>
        <translation>没有层能做它所做的事</translation>
    </message>
    <message>
        <source>no layer has one</source>
        <translation>没有层带有卷积核</translation>
    </message>
    <message>
        <source>no layer lays the numbers out as {0}</source>
        <translation>没有层能把数排成 {0}</translation>
    </message>
    <message>
        <source>no layer reads {0}</source>
        <translation>没有层读取 {0}</translation>
    </message>
    <message>
        <source>no learned weight is a kernel with height and width</source>
        <translation>要学习的权重中没有带高和宽的核</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>no map is chosen</source>
        <translation>未选择特征图</translation>
    </message>
    <message>
        <source>no names</source>
        <translation>没有名称</translation>
    </message>
    <message>
        <source>no node has weights to learn</source>
        <translation>没有节点有可学习的权重</translation>
    </message>
    <message>
        <source>no node is chosen to learn</source>
        <translation>没有选择要学习的节点</translation>
    </message>
    <message>
        <source>no padding in this window</source>
        <translation>此窗口中没有填充</translation>
    </message>
    <message>
        <source>no path has such a name</source>
        <translation>路径不能是这个名称</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>no place stands out</source>
        <translation>没有哪个位置明显吻合</translation>
    </message>
    <message>
        <source>no process could be started on {0}</source>
        <translation>无法在 {0} 上启动进程</translation>
    </message>
    <message>
        <source>no scheduler answers at {0}</source>
        <translation>{0} 处没有调度器应答</translation>
    </message>
    <message>
        <source>no shift was found with confidence: {0}</source>
        <translation>没有找到可信的平移：{0}</translation>
    </message>
    <message>
        <source>no single receptive field</source>
        <translation>没有单一的感受野</translation>
    </message>
    <message>
        <source>node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>nodes are compared by their names</source>
        <translation>节点按名称比较</translation>
    </message>
    <message>
        <source>nodes: {0}</source>
        <translation>节点：{0}</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>none below 0</source>
        <translation>都不小于 0</translation>
    </message>
    <message>
        <source>none of its arrays is a kernel</source>
        <translation>其中没有数组是卷积核</translation>
    </message>
    <message>
        <source>none of the chosen nodes has a kernel with height and width</source>
        <translation>所选节点都没有高和宽的核</translation>
    </message>
    <message>
        <source>none opened</source>
        <translation>尚未打开</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>none: it was pasted</source>
        <translation>无：它是粘贴的</translation>
    </message>
    <message>
        <source>norm {0}, largest weight ±{1}; ranks of its kernels {2}</source>
        <translation>范数 {0}，最大权重 ±{1}；各卷积核的秩为 {2}</translation>
    </message>
    <message>
        <source>norm {0}, rank 1: separable, one column times one row</source>
        <translation>范数 {0}，秩 1：可分离，即一列乘以一行</translation>
    </message>
    <message>
        <source>norm {0}, rank {1} of {2}: not separable; the nearest column times row holds {3} % of its energy (singular values {4})</source>
        <translation>范数 {0}，秩 {1}（最大 {2}）：不可分离；最接近的“列乘行”占其能量的 {3}%（奇异值 {4}）</translation>
    </message>
    <message>
        <source>norm_type is {0}</source>
        <translation>norm_type 是 {0}</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>正态</translation>
    </message>
    <message>
        <source>normalization</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>not converged</source>
        <translation>未收敛</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>非有限值</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>尚未保存</translation>
    </message>
    <message>
        <source>not yet restored</source>
        <translation>尚未复原</translation>
    </message>
    <message>
        <source>notches</source>
        <translation>陷波</translation>
    </message>
    <message>
        <source>nothing can be written into {0}</source>
        <translation>无法写入 {0}</translation>
    </message>
    <message>
        <source>nothing is clipped</source>
        <translation>没有值被截断</translation>
    </message>
    <message>
        <source>nothing of it can be carried: {0}</source>
        <translation>其中没有可以载入的部分：{0}</translation>
    </message>
    <message>
        <source>nothing of the picture is left</source>
        <translation>图片什么也没有留下</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>num_groups is {0}, which does not divide {1} channel(s)</source>
        <translation>num_groups 是 {0}，不能整除 {1} 个通道</translation>
    </message>
    <message>
        <source>number in the cell</source>
        <translation>格子中的数</translation>
    </message>
    <message>
        <source>number to paint with; it is the one that was typed last</source>
        <translation>绘制所用的数值，即最后输入的数值</translation>
    </message>
    <message>
        <source>numbers of the lesson</source>
        <translation>课程的数字</translation>
    </message>
    <message>
        <source>numbers, one for each of the {axis}</source>
        <translation>数值，每个对应{axis}中的一个</translation>
    </message>
    <message>
        <source>of equal values it takes the last</source>
        <translation>相等的值中它取最后一个</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>old-style JPEG</source>
        <translation>旧式 JPEG</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>on a picture that you have not seen, the value in row {0}, column {1} is {2}, and should be {3}</source>
        <translation>在一张您没有见过的图片上，第 {0} 行第 {1} 列的值是 {2}，应为{3}</translation>
    </message>
    <message>
        <source>one for each row of the weight, of {0} number(s)</source>
        <translation>每个对应权重的一行，每行 {0} 个数</translation>
    </message>
    <message>
        <source>one name per line</source>
        <translation>每行一个名称</translation>
    </message>
    <message>
        <source>one number</source>
        <translation>一个数</translation>
    </message>
    <message>
        <source>one number for all</source>
        <translation>全部用一个数</translation>
    </message>
    <message>
        <source>one number stands for {0}</source>
        <translation>一个数代表 {0}</translation>
    </message>
    <message>
        <source>one of its pages has {0} tag(s)</source>
        <translation>它有一页含 {0} 个标签</translation>
    </message>
    <message>
        <source>one of the pictures is even</source>
        <translation>其中一张图片是均匀的</translation>
    </message>
    <message>
        <source>one of them enlarges the map, and one takes cells of it by a stride</source>
        <translation>其中一层放大特征图，另一层又按步幅取格</translation>
    </message>
    <message>
        <source>one of {0}</source>
        <translation>可选：{0}</translation>
    </message>
    <message>
        <source>one row of {0}</source>
        <translation>一行 {0} 个数</translation>
    </message>
    <message>
        <source>only its first page was done</source>
        <translation>只处理了第一页</translation>
    </message>
    <message>
        <source>only maps of equal size are compared cell by cell</source>
        <translation>只有大小相同的特征图才能逐个单元格比较</translation>
    </message>
    <message>
        <source>only {0} and {1} have a format: a width, as in {2}</source>
        <translation>只有 {0} 和 {1} 可带格式，即宽度，例如 {2}</translation>
    </message>
    <message>
        <source>open a picture of that size</source>
        <translation>请打开一张该尺寸的图片</translation>
    </message>
    <message>
        <source>open a picture, or give size=(channels, height, width)</source>
        <translation>请打开图片，或给出 size=(通道, 高, 宽)</translation>
    </message>
    <message>
        <source>open one</source>
        <translation>打开一张</translation>
    </message>
    <message>
        <source>operation is {0}</source>
        <translation>operation 为 {0}</translation>
    </message>
    <message>
        <source>or a pipeline, or a kernel; pasting with Ctrl+V works too</source>
        <translation>或一条流水线、一个核；也可以按 Ctrl+V 粘贴</translation>
    </message>
    <message>
        <source>out {i} of {n}</source>
        <translation>输出 {i}（共 {n}）</translation>
    </message>
    <message>
        <source>outdated</source>
        <translation>待更新</translation>
    </message>
    <message>
        <source>output channels</source>
        <translation>输出通道</translation>
    </message>
    <message>
        <source>output channels / groups</source>
        <translation>输出通道 / 分组</translation>
    </message>
    <message>
        <source>output {o}</source>
        <translation>输出 {o}</translation>
    </message>
    <message>
        <source>output {o}, input {i}</source>
        <translation>输出 {o}，输入 {i}</translation>
    </message>
    <message>
        <source>output_padding is {0} with stride {1} and dilation {2}</source>
        <translation>output_padding 是 {0}，而步幅是 {1}，扩张是 {2}</translation>
    </message>
    <message>
        <source>output_padding is {0}, stride {1}, dilation {2}</source>
        <translation>output_padding 是 {0}，步幅 {1}，扩张 {2}</translation>
    </message>
    <message>
        <source>output_shape asks for {0} cells, more than there are</source>
        <translation>output_shape 要求 {0} 个单元格，多于实际所有</translation>
    </message>
    <message>
        <source>output_size is {0}</source>
        <translation>output_size 是 {0}</translation>
    </message>
    <message>
        <source>outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>外部</translation>
    </message>
    <message>
        <source>over is {0}</source>
        <translation>over 为 {0}</translation>
    </message>
    <message>
        <source>own</source>
        <translation>原大小</translation>
    </message>
    <message>
        <source>own numbers</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>padding is {0}</source>
        <translation>padding 是 {0}</translation>
    </message>
    <message>
        <source>padding makes an axis of {0} cell(s) from an input of {1}</source>
        <translation>填充使大小为 {1} 的输入的一个轴变为 {0} 个单元</translation>
    </message>
    <message>
        <source>padding mode: {mode}</source>
        <translation>填充模式：{mode}</translation>
    </message>
    <message>
        <source>padding {0} with mode {1} on an input of {2} cell(s)</source>
        <translation>填充 {0}，模式 {1}，输入有 {2} 格</translation>
    </message>
    <message>
        <source>padding: a constant</source>
        <translation>填充：常数</translation>
    </message>
    <message>
        <source>padding: shows row {row}, column {col}</source>
        <translation>填充：显示行 {row}，列 {col}</translation>
    </message>
    <message>
        <source>pads has {0} numbers</source>
        <translation>pads 有 {0} 个数</translation>
    </message>
    <message>
        <source>page {n}</source>
        <translation>第 {n} 页</translation>
    </message>
    <message>
        <source>pages count from 1</source>
        <translation>页码从 1 开始</translation>
    </message>
    <message>
        <source>params are nested too deep</source>
        <translation>params 嵌套过深</translation>
    </message>
    <message>
        <source>params hold something that cannot be read</source>
        <translation>params 含有无法读取的内容</translation>
    </message>
    <message>
        <source>params is not an object</source>
        <translation>params 不是对象</translation>
    </message>
    <message>
        <source>parts of it cannot be read by themselves</source>
        <translation>它的各部分无法单独读取</translation>
    </message>
    <message>
        <source>parts that come twice or in the wrong place were left out: {0}</source>
        <translation>已略去重复或位置错误的部分：{0}</translation>
    </message>
    <message>
        <source>passes by factors of {0} to {1}; of what is stopped, at most {2} is left ({3} dB)</source>
        <translation>通带系数 {0} 至 {1}；阻带至多剩余 {2}（{3} dB）</translation>
    </message>
    <message>
        <source>pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>percentile is {0}</source>
        <translation>百分位数为 {0}</translation>
    </message>
    <message>
        <source>percentiles 0.5 to 99.5</source>
        <translation>百分位 0.5 至 99.5</translation>
    </message>
    <message>
        <source>percentiles cannot be found in tiles</source>
        <translation>分块计算无法求百分位数</translation>
    </message>
    <message>
        <source>perm is {0}</source>
        <translation>perm 为 {0}</translation>
    </message>
    <message>
        <source>phase {p} radians</source>
        <translation>相位 {p} 弧度</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>picture and target do not overlap</source>
        <translation>图片与目标没有重叠</translation>
    </message>
    <message>
        <source>piece is {0}</source>
        <translation>piece 为 {0}</translation>
    </message>
    <message>
        <source>pin a class score behind global pooling or a fully connected layer</source>
        <translation>请钉住全局池化或全连接层之后的类别得分</translation>
    </message>
    <message>
        <source>pip install 'filterlab[heif]', or export it as JPEG or PNG</source>
        <translation>运行 pip install 'filterlab[heif]'，或导出为 JPEG 或 PNG</translation>
    </message>
    <message>
        <source>pip install 'filterlab[remote]'</source>
        <translation>pip install 'filterlab[remote]'</translation>
    </message>
    <message>
        <source>pipe a picture in</source>
        <translation>请通过管道传入图片</translation>
    </message>
    <message>
        <source>pipeline is {0}</source>
        <translation>流水线为 {0}</translation>
    </message>
    <message>
        <source>please report this</source>
        <translation>请报告此问题</translation>
    </message>
    <message>
        <source>point at a map to read its values; zoom with Ctrl and the wheel</source>
        <translation>指向一张特征图以读取它的值；按 Ctrl 并转动滚轮缩放</translation>
    </message>
    <message>
        <source>point at the maps to read both values; Space shows the other side, Esc goes back</source>
        <translation>指向特征图可读出两边的值；空格显示另一边，Esc 返回</translation>
    </message>
    <message>
        <source>pooling</source>
        <translation>汇聚</translation>
    </message>
    <message>
        <source>positive</source>
        <translation>正数</translation>
    </message>
    <message>
        <source>power</source>
        <translation>幂</translation>
    </message>
    <message>
        <source>prediction</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>present weights</source>
        <translation>现有的权重</translation>
    </message>
    <message>
        <source>preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>preview at 1/{n}</source>
        <translation>1/{n} 预览</translation>
    </message>
    <message>
        <source>preview at 1/{n}; zoom in for the values at full resolution</source>
        <translation>1/{n} 预览；放大可见全分辨率的数值</translation>
    </message>
    <message>
        <source>products</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>put Flatten before it</source>
        <translation>在它之前放一个 Flatten</translation>
    </message>
    <message>
        <source>put and or or between two comparisons</source>
        <translation>请在两个比较之间写 and 或 or</translation>
    </message>
    <message>
        <source>put each row into one pair</source>
        <translation>请把每一行放进一对括号</translation>
    </message>
    <message>
        <source>put it before Flatten</source>
        <translation>把它放在 Flatten 之前</translation>
    </message>
    <message>
        <source>put the pictures into a list, @FILE</source>
        <translation>请把图片写入列表 @FILE</translation>
    </message>
    <message>
        <source>put {0} into --name</source>
        <translation>请在 --name 中加入 {0}</translation>
    </message>
    <message>
        <source>put {0} into --name, or name one node with --maps</source>
        <translation>请在 --name 中加入 {0}，或用 --maps 指定一个节点</translation>
    </message>
    <message>
        <source>pytorch_half_pixel</source>
        <translation>PyTorch 半像素</translation>
    </message>
    <message>
        <source>r is {0}</source>
        <translation>r 是 {0}</translation>
    </message>
    <message>
        <source>rad</source>
        <translation>弧度</translation>
    </message>
    <message>
        <source>radial</source>
        <translation>径向对称</translation>
    </message>
    <message>
        <source>raise the limit (ulimit -n)</source>
        <translation>请提高上限（ulimit -n）</translation>
    </message>
    <message>
        <source>random (Glorot), seed {seed}</source>
        <translation>随机（Glorot），种子 {seed}</translation>
    </message>
    <message>
        <source>random (Glorot, uniform), seed {seed}</source>
        <translation>随机（Glorot，均匀），种子 {seed}</translation>
    </message>
    <message>
        <source>random (He), seed {seed}</source>
        <translation>随机（He），种子 {seed}</translation>
    </message>
    <message>
        <source>random (He, uniform), seed {seed}</source>
        <translation>随机（He，均匀），种子 {seed}</translation>
    </message>
    <message>
        <source>random (normal), seed {seed}</source>
        <translation>随机（正态），种子 {seed}</translation>
    </message>
    <message>
        <source>random (uniform), seed {seed}</source>
        <translation>随机（均匀），种子 {seed}</translation>
    </message>
    <message>
        <source>random weights</source>
        <translation>随机权重</translation>
    </message>
    <message>
        <source>range is {0}</source>
        <translation>range 是 {0}</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>秩</translation>
    </message>
    <message>
        <source>rank 0: all cells are 0</source>
        <translation>秩 0：所有格子都是 0</translation>
    </message>
    <message>
        <source>rank 1: separable</source>
        <translation>秩 1：可分离</translation>
    </message>
    <message>
        <source>rank {n}</source>
        <translation>秩 {n}</translation>
    </message>
    <message>
        <source>rank {n} of {most}</source>
        <translation>秩 {n} / {most}</translation>
    </message>
    <message>
        <source>raw values of a sensor behind a colour filter (CFA)</source>
        <translation>彩色滤光片（CFA）后的传感器原始值</translation>
    </message>
    <message>
        <source>read_image makes an array of a file</source>
        <translation>read_image 把文件读成数组</translation>
    </message>
    <message>
        <source>reading ONNX files needs the library onnx</source>
        <translation>读取 ONNX 文件需要 onnx 库</translation>
    </message>
    <message>
        <source>reading a single pixel of it takes {0} byte(s) of memory, more than {1}</source>
        <translation>读取其中一个像素就占用 {0} 字节内存，超过 {1}</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>reads</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>rec601</source>
        <translation>rec601</translation>
    </message>
    <message>
        <source>rec709</source>
        <translation>rec709</translation>
    </message>
    <message>
        <source>receptive field {size}, stride {stride}, padding {padding} in the picture</source>
        <translation>图片中的感受野 {size}，步幅 {stride}，填充 {padding}</translation>
    </message>
    <message>
        <source>receptive field: the whole picture</source>
        <translation>感受野：整张图片</translation>
    </message>
    <message>
        <source>reciprocal</source>
        <translation>倒数</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>red, green, blue</source>
        <translation>红、绿、蓝</translation>
    </message>
    <message>
        <source>reduce it over "channels"</source>
        <translation>请沿 "channels" 归约</translation>
    </message>
    <message>
        <source>reduction is {0}</source>
        <translation>reduction 是 {0}</translation>
    </message>
    <message>
        <source>reflect</source>
        <translation>反射</translation>
    </message>
    <message>
        <source>reflected</source>
        <translation>反射</translation>
    </message>
    <message>
        <source>refresh to compute it</source>
        <translation>刷新以计算它</translation>
    </message>
    <message>
        <source>reinstall FilterLab</source>
        <translation>重新安装 FilterLab</translation>
    </message>
    <message>
        <source>relative</source>
        <translation>相对</translation>
    </message>
    <message>
        <source>remainder</source>
        <translation>余项</translation>
    </message>
    <message>
        <source>remainder: round-off</source>
        <translation>余项：舍入误差</translation>
    </message>
    <message>
        <source>remove some files from it</source>
        <translation>请从中删去一些文件</translation>
    </message>
    <message>
        <source>rename one of them</source>
        <translation>重命名其中一个</translation>
    </message>
    <message>
        <source>rename the file</source>
        <translation>请重命名该文件</translation>
    </message>
    <message>
        <source>rename the node, or leave --montage out</source>
        <translation>重命名节点，或去掉 --montage</translation>
    </message>
    <message>
        <source>repeated</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>replace it by a finite number</source>
        <translation>用一个有限的数代替它</translation>
    </message>
    <message>
        <source>replace them</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>replace them first</source>
        <translation>先替换它们</translation>
    </message>
    <message>
        <source>replace these cells</source>
        <translation>替换这些格子</translation>
    </message>
    <message>
        <source>replicate</source>
        <translation>复制边缘</translation>
    </message>
    <message>
        <source>residual</source>
        <translation>残差</translation>
    </message>
    <message>
        <source>residual {n}</source>
        <translation>残差 {n}</translation>
    </message>
    <message>
        <source>restore them one by one</source>
        <translation>请逐个复原</translation>
    </message>
    <message>
        <source>restored, iteration {n}</source>
        <translation>复原，第 {n} 次迭代</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>rising</source>
        <translation>上升</translation>
    </message>
    <message>
        <source>round</source>
        <translation>四舍五入</translation>
    </message>
    <message>
        <source>round_prefer_ceil</source>
        <translation>四舍五入，居中取大</translation>
    </message>
    <message>
        <source>round_prefer_floor</source>
        <translation>四舍五入，居中取小</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>row {0} has {1} cell(s), row 1 has {2}</source>
        <translation>第 {0} 行有 {1} 格，第 1 行有 {2} 格</translation>
    </message>
    <message>
        <source>row {position}:</source>
        <translation>行 {position}：</translation>
    </message>
    <message>
        <source>row {row}</source>
        <translation>行 {row}</translation>
    </message>
    <message>
        <source>row {row}, column {col}</source>
        <translation>行 {row}，列 {col}</translation>
    </message>
    <message>
        <source>row {row}, column {col}: {value}</source>
        <translation>行 {row}，列 {col}：{value}</translation>
    </message>
    <message>
        <source>row {r}, column {c}</source>
        <translation>行 {r}，列 {c}</translation>
    </message>
    <message>
        <source>row {r}, column {c}: {value}</source>
        <translation>行 {r}，列 {c}：{value}</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>rows and columns must agree (or be 1x1): pad, crop, pool or resize one of them</source>
        <translation>行数和列数必须一致（或为 1x1）：对其中之一填充、裁剪、汇聚或缩放</translation>
    </message>
    <message>
        <source>rows and columns must agree: pad, crop, pool or resize one of them</source>
        <translation>行数和列数必须一致：对其中之一填充、裁剪、汇聚或缩放</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>sRGB of the CIE Lab colour under D65; colours that no screen shows lie outside 0 to 1.</source>
        <translation>D65 光源下 CIE Lab 颜色对应的 sRGB；屏幕无法显示的颜色落在 0 到 1 之外。</translation>
    </message>
    <message>
        <source>sampled</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>save an array of real numbers</source>
        <translation>请保存实数数组</translation>
    </message>
    <message>
        <source>save it again</source>
        <translation>重新保存</translation>
    </message>
    <message>
        <source>save it again with numpy.savez</source>
        <translation>用 numpy.savez 重新保存</translation>
    </message>
    <message>
        <source>save it as .npy</source>
        <translation>请存为 .npy</translation>
    </message>
    <message>
        <source>save it as .safetensors</source>
        <translation>请保存为 .safetensors</translation>
    </message>
    <message>
        <source>save it as RGB</source>
        <translation>请保存为 RGB</translation>
    </message>
    <message>
        <source>save it as TIFF or .npy</source>
        <translation>请另存为 TIFF 或 .npy</translation>
    </message>
    <message>
        <source>save it as UTF-8</source>
        <translation>请存为 UTF-8</translation>
    </message>
    <message>
        <source>save it in tiles</source>
        <translation>请以分块方式保存</translation>
    </message>
    <message>
        <source>save it, and write fl.Pipeline.load(...)</source>
        <translation>保存它，并写 fl.Pipeline.load(...)</translation>
    </message>
    <message>
        <source>save its channels one by one</source>
        <translation>请逐个保存它的通道</translation>
    </message>
    <message>
        <source>save one of them alone</source>
        <translation>请单独保存其中一个</translation>
    </message>
    <message>
        <source>save the blurred picture as {name} first</source>
        <translation>请先把模糊的图片存为 {name}</translation>
    </message>
    <message>
        <source>save the pipeline as pipeline.json first</source>
        <translation>请先把流水线保存为 pipeline.json</translation>
    </message>
    <message>
        <source>save the pipeline under this name first</source>
        <translation>先用此名称保存流水线</translation>
    </message>
    <message>
        <source>save the pipeline: the command runs what the file holds</source>
        <translation>请保存流水线：命令运行的是文件的内容</translation>
    </message>
    <message>
        <source>save the pipeline: the commands run what the file holds</source>
        <translation>请保存流水线：命令运行的是文件中的内容</translation>
    </message>
    <message>
        <source>save the real part</source>
        <translation>保存实部</translation>
    </message>
    <message>
        <source>save them as F32</source>
        <translation>把它们保存为 F32</translation>
    </message>
    <message>
        <source>save them one after the other, into two folders</source>
        <translation>分两次保存到两个文件夹</translation>
    </message>
    <message>
        <source>scale is {0}</source>
        <translation>scale 是 {0}</translation>
    </message>
    <message>
        <source>scale it by a factor instead; kernels that find edges add up to 0</source>
        <translation>改用系数缩放；找边缘的核之和为 0</translation>
    </message>
    <message>
        <source>scale {0} leaves nothing of {1} cell(s)</source>
        <translation>倍数 {0} 使 {1} 格什么也不剩</translation>
    </message>
    <message>
        <source>see dask.array.from_array</source>
        <translation>参见 dask.array.from_array</translation>
    </message>
    <message>
        <source>see https://toml.io</source>
        <translation>参见 https://toml.io</translation>
    </message>
    <message>
        <source>semicolons between cells</source>
        <translation>单元格之间是分号</translation>
    </message>
    <message>
        <source>semicolons between rows</source>
        <translation>行之间是分号</translation>
    </message>
    <message>
        <source>separable</source>
        <translation>可分离</translation>
    </message>
    <message>
        <source>sequential</source>
        <translation>单向（顺序型）</translation>
    </message>
    <message>
        <source>set a momentum above 0 and dampening 0</source>
        <translation>把动量设为大于 0，阻尼设为 0</translation>
    </message>
    <message>
        <source>several kernels</source>
        <translation>多种卷积核</translation>
    </message>
    <message>
        <source>several places fit as well</source>
        <translation>有多个位置同样吻合</translation>
    </message>
    <message>
        <source>shape is {0}</source>
        <translation>shape 为 {0}</translation>
    </message>
    <message>
        <source>shapes {0} and {1} have no cells in common</source>
        <translation>形状 {0} 和 {1} 没有共同的单元格</translation>
    </message>
    <message>
        <source>sharpening</source>
        <translation>锐化</translation>
    </message>
    <message>
        <source>shift {0}, {1} (rows down, columns to the right); {2} cells overlap</source>
        <translation>平移 {0}, {1}（向下的行数，向右的列数）；重叠部分为 {2} 个单元格</translation>
    </message>
    <message>
        <source>shorten it</source>
        <translation>请缩短它</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>所示</translation>
    </message>
    <message>
        <source>sign</source>
        <translation>符号</translation>
    </message>
    <message>
        <source>sin</source>
        <translation>正弦</translation>
    </message>
    <message>
        <source>single steps</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>size is {0}</source>
        <translation>size 是 {0}</translation>
    </message>
    <message>
        <source>smallest</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>solve by least squares, or leave it out</source>
        <translation>请用最小二乘求解，或去掉它</translation>
    </message>
    <message>
        <source>some of its pixels have colours that its palette lacks; they are black</source>
        <translation>部分像素的颜色不在其调色板中；它们显示为黑色</translation>
    </message>
    <message>
        <source>some rows have more brackets than others</source>
        <translation>有些行的括号比其他行多</translation>
    </message>
    <message>
        <source>some values are infinite or not numbers on a picture of {0}</source>
        <translation>在大小为 {0} 的图片上，有些值是无穷大或不是数</translation>
    </message>
    <message>
        <source>something is missing</source>
        <translation>缺少内容</translation>
    </message>
    <message>
        <source>space</source>
        <translation>空间</translation>
    </message>
    <message>
        <source>spaces between cells</source>
        <translation>单元格之间是空格</translation>
    </message>
    <message>
        <source>split it into columns and rows</source>
        <translation>请拆分为列与行</translation>
    </message>
    <message>
        <source>sqrt</source>
        <translation>平方根</translation>
    </message>
    <message>
        <source>sqrt(x1^2 + x2^2 + ...): of two derivatives, the strength of an edge.</source>
        <translation>sqrt(x1^2 + x2^2 + ...)：对两个导数，即边缘的强度。</translation>
    </message>
    <message>
        <source>square</source>
        <translation>平方</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>待更新</translation>
    </message>
    <message>
        <source>standard error</source>
        <translation>标准误</translation>
    </message>
    <message>
        <source>start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>start before the end, and stop behind the start</source>
        <translation>起点应在末尾之前，终点应在起点之后</translation>
    </message>
    <message>
        <source>start from smaller weights</source>
        <translation>从较小的权重开始</translation>
    </message>
    <message>
        <source>start further to the top left, or at the first cell to replace the whole kernel</source>
        <translation>请从更靠左上的位置开始，或从第一个单元格开始以替换整个卷积核</translation>
    </message>
    <message>
        <source>start it again; --resume does what is left</source>
        <translation>请重新启动它；--resume 会完成其余部分</translation>
    </message>
    <message>
        <source>start it in a desktop session, or use `filterlab --screenshot OUT.png` or `filterlab run`</source>
        <translation>在桌面会话中启动，或使用 `filterlab --screenshot OUT.png` 或 `filterlab run`</translation>
    </message>
    <message>
        <source>start one with `dask scheduler`, and give its address, as tcp://10.0.0.5:8786</source>
        <translation>请用 `dask scheduler` 启动一个，并给出其地址，例如 tcp://10.0.0.5:8786</translation>
    </message>
    <message>
        <source>statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>std</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>std holds 0</source>
        <translation>std 中有 0</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>step is 0</source>
        <translation>step 为 0</translation>
    </message>
    <message>
        <source>step is {0}</source>
        <translation>step 是 {0}</translation>
    </message>
    <message>
        <source>step {n}, after “{label}”</source>
        <translation>第 {n} 步，“{label}”之后</translation>
    </message>
    <message>
        <source>step {n}, the first</source>
        <translation>第 {n} 步，最初</translation>
    </message>
    <message>
        <source>step {place} of {total}</source>
        <translation>第 {place} 步，共 {total} 步</translation>
    </message>
    <message>
        <source>step {step}:</source>
        <translation>第 {step} 步：</translation>
    </message>
    <message>
        <source>still falling: go on</source>
        <translation>仍在下降：请继续</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>stopped after {1} of {0} step</source>
        <translation>已在 {0} 步中的第 {1} 步后停止</translation>
    </message>
    <message>
        <source>stopped after {1} of {0} steps</source>
        <translation>已在 {0} 步中的第 {1} 步后停止</translation>
    </message>
    <message>
        <source>stopped after {time}</source>
        <translation>{time} 后停止</translation>
    </message>
    <message>
        <source>stride times kernel must be at most {0} with a dilation</source>
        <translation>有扩张时，步幅乘以核的大小最多为 {0}</translation>
    </message>
    <message>
        <source>stride {0} with kernel {1} and dilation {2}</source>
        <translation>步幅 {0}、核 {1}、扩张 {2}</translation>
    </message>
    <message>
        <source>stride {h} × {w}</source>
        <translation>步幅 {h} × {w}</translation>
    </message>
    <message>
        <source>strip {0} of {1}</source>
        <translation>第 {0} 个条带（共 {1} 个）</translation>
    </message>
    <message>
        <source>strips</source>
        <translation>条带</translation>
    </message>
    <message>
        <source>subtract</source>
        <translation>减去</translation>
    </message>
    <message>
        <source>subtract from</source>
        <translation>被减</translation>
    </message>
    <message>
        <source>such a node has no single receptive field; ask for input_region of a position</source>
        <translation>这样的节点没有单一的感受野；请询问某个位置的 input_region</translation>
    </message>
    <message>
        <source>such files can run programs; save an array of numbers</source>
        <translation>这类文件可以运行程序；请保存数值数组</translation>
    </message>
    <message>
        <source>such files can run programs; save arrays of numbers</source>
        <translation>这类文件可以运行程序；请保存数值数组</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>和</translation>
    </message>
    <message>
        <source>sum is 0</source>
        <translation>和为 0</translation>
    </message>
    <message>
        <source>sum is 1</source>
        <translation>和为 1</translation>
    </message>
    <message>
        <source>sum of squares</source>
        <translation>平方和</translation>
    </message>
    <message>
        <source>sum of |k| {n}</source>
        <translation>|k| 之和 {n}</translation>
    </message>
    <message>
        <source>sum {n}</source>
        <translation>和 {n}</translation>
    </message>
    <message>
        <source>switch it on, or remove it</source>
        <translation>请启用它，或将其移除</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>symmetric about zero</source>
        <translation>关于零对称</translation>
    </message>
    <message>
        <source>symmetry</source>
        <translation>对称性</translation>
    </message>
    <message>
        <source>take Grad-CAM</source>
        <translation>请用 Grad-CAM</translation>
    </message>
    <message>
        <source>take larger steps, or fewer rows</source>
        <translation>步子大一些，或行数少一些</translation>
    </message>
    <message>
        <source>tanh</source>
        <translation>tanh</translation>
    </message>
    <message>
        <source>tanh(x), between -1 and 1.</source>
        <translation>tanh(x)，在 -1 和 1 之间。</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>target = ({0}) * filtered + ({1}), where the weights add up to {2}: only their sum tells gain from kernel</source>
        <translation>目标 = ({0}) × 滤波结果 + ({1})，其中权重之和为 {2}：只有权重之和才能把增益与卷积核区分开</translation>
    </message>
    <message>
        <source>target of the lesson</source>
        <translation>课程的目标</translation>
    </message>
    <message>
        <source>tell them apart in --name, by {0}, {1} or {2}</source>
        <translation>请在 --name 中用 {0}、{1} 或 {2} 加以区分</translation>
    </message>
    <message>
        <source>tensors alone are not a pipeline; save one from FilterLab</source>
        <translation>只有张量不成流水线；请从 FilterLab 保存一个</translation>
    </message>
    <message>
        <source>texts stand in quotes, numbers do not</source>
        <translation>文本须加引号，数字则不加</translation>
    </message>
    <message>
        <source>texture</source>
        <translation>纹理</translation>
    </message>
    <message>
        <source>the Python package {0} is missing</source>
        <translation>缺少 Python 包 {0}</translation>
    </message>
    <message>
        <source>the animation has {0} frame(s); at most {1} are written</source>
        <translation>动画有 {0} 帧；最多写入 {1} 帧</translation>
    </message>
    <message>
        <source>the answer depends on the size of the picture</source>
        <translation>答案取决于图片的大小</translation>
    </message>
    <message>
        <source>the answer is 0 everywhere</source>
        <translation>结果处处为 0</translation>
    </message>
    <message>
        <source>the batch ended</source>
        <translation>批处理已结束</translation>
    </message>
    <message>
        <source>the batch holds no picture</source>
        <translation>这一批中没有图片</translation>
    </message>
    <message>
        <source>the best single kernel is fitted only where the stride is 1, not {0} x {1}</source>
        <translation>只有步幅为 1 时才拟合最好的单个核，这里是 {0} x {1}</translation>
    </message>
    <message>
        <source>the bias has {0} number(s), the picture {1} channel(s)</source>
        <translation>偏置有 {0} 个数，而图片有 {1} 个通道</translation>
    </message>
    <message>
        <source>the blurred picture</source>
        <translation>模糊的图片</translation>
    </message>
    <message>
        <source>the branches enlarge their maps differently</source>
        <translation>各分支放大特征图的方式不同</translation>
    </message>
    <message>
        <source>the branches fill their borders differently</source>
        <translation>各分支的边界填充方式不同</translation>
    </message>
    <message>
        <source>the branches have different strides</source>
        <translation>各分支的步幅不同</translation>
    </message>
    <message>
        <source>the branches make different numbers of channels</source>
        <translation>各分支产生的通道数不同</translation>
    </message>
    <message>
        <source>the branches make maps of different sizes</source>
        <translation>各分支产生的特征图大小不同</translation>
    </message>
    <message>
        <source>the branches read different numbers of channels</source>
        <translation>各分支读取的通道数不同</translation>
    </message>
    <message>
        <source>the cell would be {0}</source>
        <translation>该格会是 {0}</translation>
    </message>
    <message>
        <source>the cells add up to 0, and no factor makes that 1</source>
        <translation>各格之和为 0，没有系数能使它变为 1</translation>
    </message>
    <message>
        <source>the channels have different biases</source>
        <translation>各通道的偏置不同</translation>
    </message>
    <message>
        <source>the channels have different kernels</source>
        <translation>各通道的卷积核不同</translation>
    </message>
    <message>
        <source>the channels of the node {0} would all be written into {1}</source>
        <translation>节点 {0} 的各通道都会写入 {1}</translation>
    </message>
    <message>
        <source>the check sum of its pixels is missing</source>
        <translation>缺少像素的校验和</translation>
    </message>
    <message>
        <source>the clipboard</source>
        <translation>剪贴板</translation>
    </message>
    <message>
        <source>the comma of {0} may be a decimal mark or part thousands</source>
        <translation>{0} 中的逗号可能是小数点或千位分隔符</translation>
    </message>
    <message>
        <source>the contribution of each</source>
        <translation>各自单独给出的结果</translation>
    </message>
    <message>
        <source>the contribution of {node}, channel {channel}; {amount} here</source>
        <translation>{node} 的通道 {channel} 单独给出的结果；此处为 {amount}</translation>
    </message>
    <message>
        <source>the derivatives are {0} and {1}</source>
        <translation>两个导数图为 {0} 和 {1}</translation>
    </message>
    <message>
        <source>the dilated window spans {0} cell(s) around an input of {1}</source>
        <translation>膨胀后的窗口在大小为 {1} 的输入周围跨越 {0} 个单元</translation>
    </message>
    <message>
        <source>the disk can only be read</source>
        <translation>磁盘是只读的</translation>
    </message>
    <message>
        <source>the disk could not write it</source>
        <translation>磁盘无法写入它</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>the drawing has {0} x {1} pixels</source>
        <translation>图有 {0} x {1} 像素</translation>
    </message>
    <message>
        <source>the entry {0} is not an array</source>
        <translation>它在 {0} 下存放的不是数组</translation>
    </message>
    <message>
        <source>the exercises in resources/exercises are examples</source>
        <translation>resources/exercises 里的练习可作为例子</translation>
    </message>
    <message>
        <source>the fact {0} {1} cannot be checked: {2}</source>
        <translation>事实 {0} {1} 无法核对：{2}</translation>
    </message>
    <message>
        <source>the fact {0} {1} has no figures to ask for</source>
        <translation>事实 {0} {1} 没有可以提问的数值</translation>
    </message>
    <message>
        <source>the file holds no tensor {0}</source>
        <translation>文件中没有张量 {0}</translation>
    </message>
    <message>
        <source>the file is larger than {0} MB</source>
        <translation>文件大于 {0} MB</translation>
    </message>
    <message>
        <source>the file leaves its size open: {0}</source>
        <translation>文件没有固定尺寸：{0}</translation>
    </message>
    <message>
        <source>the first makes {0} channel(s), the second reads {1}</source>
        <translation>前一层产生 {0} 个通道，后一层读取 {1} 个</translation>
    </message>
    <message>
        <source>the first step names one</source>
        <translation>第一步指明一张</translation>
    </message>
    <message>
        <source>the first that differs</source>
        <translation>第一个不同的</translation>
    </message>
    <message>
        <source>the folder cannot be created: {0}</source>
        <translation>文件夹无法创建：{0}</translation>
    </message>
    <message>
        <source>the folder cannot be made: {0}</source>
        <translation>文件夹无法创建：{0}</translation>
    </message>
    <message>
        <source>the gradient has shape {0}, the output {1}</source>
        <translation>梯度的形状是 {0}，输出是 {1}</translation>
    </message>
    <message>
        <source>the kernel at this value is not finite</source>
        <translation>这个值处的核不是有限的</translation>
    </message>
    <message>
        <source>the kernel has {0} by {1} cells</source>
        <translation>卷积核有 {0}×{1} 格</translation>
    </message>
    <message>
        <source>the kernel of {0} by {1} is no larger than a piece of {2}</source>
        <translation>{0}×{1} 的卷积核并不大于 {2} 的小核</translation>
    </message>
    <message>
        <source>the kernel of {0} is larger than the picture of {1}</source>
        <translation>{0} 的卷积核大于 {1} 的图片</translation>
    </message>
    <message>
        <source>the kernel sums to 0, so the mean of the scene cannot be known from the picture</source>
        <translation>卷积核之和为 0，因此无法从图片得知场景的均值</translation>
    </message>
    <message>
        <source>the kernel to be learned is {0}, but that of {1} is {2}</source>
        <translation>待学习的核是 {0}，而 {1} 的核是 {2}</translation>
    </message>
    <message>
        <source>the key {0} is not known</source>
        <translation>键 {0} 未知</translation>
    </message>
    <message>
        <source>the key {0} names {1} already</source>
        <translation>键 {0} 已经属于 {1}</translation>
    </message>
    <message>
        <source>the key {0} occurs twice in one object</source>
        <translation>键 {0} 在一个对象中出现两次</translation>
    </message>
    <message>
        <source>the labels are {0}</source>
        <translation>标签是 {0}</translation>
    </message>
    <message>
        <source>the largest float32 is about 3.4e38</source>
        <translation>最大的 float32 约为 3.4e38</translation>
    </message>
    <message>
        <source>the largest of {count} terms</source>
        <translation>{count} 项中最大的几项</translation>
    </message>
    <message>
        <source>the last axis of x must be the inputs of weight, which is (outputs, inputs)</source>
        <translation>x 的最后一个轴必须是权重的输入，权重为（输出，输入）</translation>
    </message>
    <message>
        <source>the last of its pictures is cut short, and left out</source>
        <translation>它的最后一幅图片不完整，已略去</translation>
    </message>
    <message>
        <source>the last session</source>
        <translation>上次的会话</translation>
    </message>
    <message>
        <source>the last window reaches {0} {1} beyond the end</source>
        <translation>最后一个窗口超出 {0} {1}</translation>
    </message>
    <message>
        <source>the last {0} is skipped</source>
        <translation>最后的{0}没有窗口覆盖</translation>
    </message>
    <message>
        <source>the last {0} {1} are skipped</source>
        <translation>最后 {0} {1}没有窗口覆盖</translation>
    </message>
    <message>
        <source>the layer has a stride, which leaves pixels out</source>
        <translation>该层的步幅会略过像素</translation>
    </message>
    <message>
        <source>the lessons in resources/lessons are examples</source>
        <translation>resources/lessons 中的课程可作范例</translation>
    </message>
    <message>
        <source>the list cannot be read: {0}</source>
        <translation>列表无法读取：{0}</translation>
    </message>
    <message>
        <source>the loss grew from {0} to {1} in {2} steps</source>
        <translation>损失在 {2} 步内从 {0} 增长到 {1}</translation>
    </message>
    <message>
        <source>the loss is {0} before the first step</source>
        <translation>第一步之前损失就是 {0}</translation>
    </message>
    <message>
        <source>the loss overflowed at step {0}</source>
        <translation>损失在第 {0} 步发散（溢出）</translation>
    </message>
    <message>
        <source>the map has {0} column(s), and should have {1}</source>
        <translation>特征图有 {0} 列，应有{1}</translation>
    </message>
    <message>
        <source>the map has {0} row(s), and should have {1}</source>
        <translation>特征图有 {0} 行，应有{1}</translation>
    </message>
    <message>
        <source>the map of {0} has shape {1}</source>
        <translation>{0} 的特征图形状为 {1}</translation>
    </message>
    <message>
        <source>the maps are {0} and {1}</source>
        <translation>图的大小是 {0} 和 {1}</translation>
    </message>
    <message>
        <source>the matrix is too large to be edited number by number</source>
        <translation>矩阵太大，无法逐个编辑</translation>
    </message>
    <message>
        <source>the merged layer would give a map of another size</source>
        <translation>合并后的层会给出另一大小的特征图</translation>
    </message>
    <message>
        <source>the merged layer would give other numbers</source>
        <translation>合并后的层会给出不同的数值</translation>
    </message>
    <message>
        <source>the merged layer would have {0} weight(s)</source>
        <translation>合并后的层将有 {0} 个权重</translation>
    </message>
    <message>
        <source>the method {0} has no strength</source>
        <translation>方法 {0} 没有强度</translation>
    </message>
    <message>
        <source>the most iterations were made, and the picture still changes</source>
        <translation>已迭代到次数上限，图片仍在变化</translation>
    </message>
    <message>
        <source>the name '{0}...' of {1} letter(s) is too long for a file</source>
        <translation>名称 '{0}...' 有 {1} 个字母，对文件来说太长</translation>
    </message>
    <message>
        <source>the name {0} has {1} letter(s)</source>
        <translation>名称 {0} 有 {1} 个字母</translation>
    </message>
    <message>
        <source>the name {0} is not allowed</source>
        <translation>名称 {0} 无效</translation>
    </message>
    <message>
        <source>the names of {0} classes are not used: no softmax has as many</source>
        <translation>{0} 个类别的名称没有用上：没有哪个 softmax 有这么多类别</translation>
    </message>
    <message>
        <source>the network has no layers</source>
        <translation>网络没有任何层</translation>
    </message>
    <message>
        <source>the nodes {0} and {1} would both write {2}</source>
        <translation>节点 {0} 和 {1} 都会写入 {2}</translation>
    </message>
    <message>
        <source>the nodes {0} form a cycle</source>
        <translation>节点 {0} 之间形成环路</translation>
    </message>
    <message>
        <source>the number of channels depends on the picture</source>
        <translation>通道数取决于图片</translation>
    </message>
    <message>
        <source>the number was not changed</source>
        <translation>数值没有更改</translation>
    </message>
    <message>
        <source>the numbers at the border may change in pictures of other sizes</source>
        <translation>其他大小的图片在边界处的数值可能会改变</translation>
    </message>
    <message>
        <source>the numbers at the border would change: {0}</source>
        <translation>边界处的数值会改变：{0}</translation>
    </message>
    <message>
        <source>the numbers of pictures and targets differ: {0} and {1}</source>
        <translation>图片与目标的数量不同：{0} 和 {1}</translation>
    </message>
    <message>
        <source>the numbers were not made</source>
        <translation>没有生成这些数字</translation>
    </message>
    <message>
        <source>the open picture</source>
        <translation>打开的图片</translation>
    </message>
    <message>
        <source>the operand has as many</source>
        <translation>操作数有这么多</translation>
    </message>
    <message>
        <source>the other term adds {amount}</source>
        <translation>其他 1 项贡献 {amount}</translation>
    </message>
    <message>
        <source>the other {count} terms add {amount}</source>
        <translation>其他 {count} 项贡献 {amount}</translation>
    </message>
    <message>
        <source>the output is finer than the picture</source>
        <translation>输出比图片更细</translation>
    </message>
    <message>
        <source>the output of a crop is not a part of the whole picture's output: {0}</source>
        <translation>裁剪得到的不是整张图片结果的一部分：{0}</translation>
    </message>
    <message>
        <source>the output of the layer</source>
        <translation>该层的输出</translation>
    </message>
    <message>
        <source>the output of the network is {1}, but there are {0} classes</source>
        <translation>网络的输出为 {1}，但类别有 {0} 个</translation>
    </message>
    <message>
        <source>the output of the network is {1}, but there is {0} class</source>
        <translation>网络的输出为 {1}，但类别有 {0} 个</translation>
    </message>
    <message>
        <source>the padding "same" with a stride depends on the size of the picture</source>
        <translation>带步幅的填充 "same" 取决于图片的大小</translation>
    </message>
    <message>
        <source>the padding cuts {0} cell(s) down to {1} by {2}</source>
        <translation>填充使 {0} 格变为 {1} 乘 {2}</translation>
    </message>
    <message>
        <source>the padding mode is {0}</source>
        <translation>填充模式是 {0}</translation>
    </message>
    <message>
        <source>the pages of its channels differ in size</source>
        <translation>它各通道的页面大小不同</translation>
    </message>
    <message>
        <source>the picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>the picture cannot be read: {0}</source>
        <translation>图片无法读取：{0}</translation>
    </message>
    <message>
        <source>the picture changes no more</source>
        <translation>图片不再变化</translation>
    </message>
    <message>
        <source>the picture has shape {0}</source>
        <translation>图片的形状是 {0}</translation>
    </message>
    <message>
        <source>the picture is a single pixel</source>
        <translation>图片只有一个像素</translation>
    </message>
    <message>
        <source>the picture is larger than memory: compare a node that sees a part of it, or use a smaller one</source>
        <translation>图片大于内存：请比较只看到其中一部分的节点，或使用较小的图片</translation>
    </message>
    <message>
        <source>the picture is larger than the memory for maps, and this needs all of it at once</source>
        <translation>图片大于特征图可用的内存，而此操作需要一次用到全部内容</translation>
    </message>
    <message>
        <source>the picture is {0}: before and after must be of one size</source>
        <translation>图片是 {0}：处理前后必须大小相同</translation>
    </message>
    <message>
        <source>the pictures are too small</source>
        <translation>图片太小</translation>
    </message>
    <message>
        <source>the pictures are {0}</source>
        <translation>图片是 {0}</translation>
    </message>
    <message>
        <source>the pictures differ in size</source>
        <translation>图片大小不一</translation>
    </message>
    <message>
        <source>the pictures do not determine which weights are zero</source>
        <translation>这两张图片无法确定哪些权重为零</translation>
    </message>
    <message>
        <source>the pictures have shape {0}</source>
        <translation>图片的形状是 {0}</translation>
    </message>
    <message>
        <source>the pictures hold NaN or infinity</source>
        <translation>图片含有 NaN 或无穷大</translation>
    </message>
    <message>
        <source>the pipeline has no layers</source>
        <translation>流水线里没有层</translation>
    </message>
    <message>
        <source>the pipeline has no nodes</source>
        <translation>流水线没有节点</translation>
    </message>
    <message>
        <source>the pipeline is empty</source>
        <translation>流水线是空的</translation>
    </message>
    <message>
        <source>the pipeline was changed meanwhile</source>
        <translation>流水线在此期间已被改动</translation>
    </message>
    <message>
        <source>the pipelines have no node in common</source>
        <translation>两个流水线没有共同的节点</translation>
    </message>
    <message>
        <source>the positions of the largest values are not carried</source>
        <translation>最大值的位置不载入</translation>
    </message>
    <message>
        <source>the previous pipeline</source>
        <translation>之前的流水线</translation>
    </message>
    <message>
        <source>the rank is {0}</source>
        <translation>秩为 {0}</translation>
    </message>
    <message>
        <source>the rate {0} is too large: try {1}</source>
        <translation>学习率 {0} 太大：试试 {1}</translation>
    </message>
    <message>
        <source>the receptive field is {0} x {1}, and should be {2} in both directions</source>
        <translation>感受野是 {0} x {1}，两个方向都应为{2}</translation>
    </message>
    <message>
        <source>the recipe cannot be read: {0}</source>
        <translation>无法读取配方：{0}</translation>
    </message>
    <message>
        <source>the region that a single channel sees depends on the shape of the picture</source>
        <translation>单个通道看到什么取决于图片的形状</translation>
    </message>
    <message>
        <source>the region that an output sees depends on the size of the picture: it covers all of it, or is padded by that size</source>
        <translation>一个输出看到的区域取决于图片大小：它看到整张图片，或按该大小填充</translation>
    </message>
    <message>
        <source>the residual changes no more</source>
        <translation>残差不再变化</translation>
    </message>
    <message>
        <source>the residual is as large as the noise, and the picture changes no more</source>
        <translation>残差与噪声一样大，图片不再变化</translation>
    </message>
    <message>
        <source>the residual is as small as the noise</source>
        <translation>残差已与噪声一样小</translation>
    </message>
    <message>
        <source>the residual stays far above the noise: another kernel has blurred it, or there is more noise</source>
        <translation>残差一直远高于噪声：图片是被另一个卷积核模糊的，或者噪声更大</translation>
    </message>
    <message>
        <source>the restoration ended</source>
        <translation>复原中止</translation>
    </message>
    <message>
        <source>the scheduler has no workers yet: the batch begins with the first</source>
        <translation>调度器还没有工作进程：第一个加入后批处理开始</translation>
    </message>
    <message>
        <source>the scheduler is gone</source>
        <translation>调度器已不在</translation>
    </message>
    <message>
        <source>the second enlarges a map to which the first adds constants</source>
        <translation>后一层放大的特征图已由前一层加上常数</translation>
    </message>
    <message>
        <source>the shape stays {shape}</source>
        <translation>形状保持 {shape}</translation>
    </message>
    <message>
        <source>the shape {0} is not that of a picture</source>
        <translation>形状 {0} 不是图片的形状</translation>
    </message>
    <message>
        <source>the sign does not turn where left and right are exchanged</source>
        <translation>左右交换时符号没有改变</translation>
    </message>
    <message>
        <source>the signal-to-noise ratio changes by {0} dB on pictures that you have not seen, and should rise by {1}</source>
        <translation>在您没有见过的图片上，信噪比变化了 {0} dB，应提高 {1} dB</translation>
    </message>
    <message>
        <source>the size is {0} by {1}</source>
        <translation>大小为 {0}×{1}</translation>
    </message>
    <message>
        <source>the size {0} contradicts the file, whose input is {1}</source>
        <translation>尺寸 {0} 与文件不符，文件的输入为 {1}</translation>
    </message>
    <message>
        <source>the sizes of its blocks are not known</source>
        <translation>其分块的大小未知</translation>
    </message>
    <message>
        <source>the slice {0} takes nothing of {1}</source>
        <translation>切片 {0} 从 {1} 中什么也没取到</translation>
    </message>
    <message>
        <source>the solution is reached</source>
        <translation>已得到解</translation>
    </message>
    <message>
        <source>the standard errors are those of the weights above 0, as if the others were known to be 0</source>
        <translation>标准误只针对大于 0 的权重，假定其余权重已知为 0</translation>
    </message>
    <message>
        <source>the standard errors are those of the weights that were kept, as if the others were known to be 0</source>
        <translation>标准误只针对保留下来的权重，假定其余权重已知为 0</translation>
    </message>
    <message>
        <source>the standard errors hold to first order: as if the best separable kernel were near the true one</source>
        <translation>标准误为一阶近似：假定最佳的可分离卷积核接近真实的卷积核</translation>
    </message>
    <message>
        <source>the step does not say what to learn</source>
        <translation>这一步没有说明学习什么</translation>
    </message>
    <message>
        <source>the stride of the whole is {0} x {1}, and should be {2}</source>
        <translation>总步幅是 {0} x {1}，应为 {2}</translation>
    </message>
    <message>
        <source>the suffix {0} holds no numbers</source>
        <translation>后缀 {0} 不存放数值</translation>
    </message>
    <message>
        <source>the suffix {0} is not .png</source>
        <translation>后缀 {0} 不是 .png</translation>
    </message>
    <message>
        <source>the suffix {0} is not known</source>
        <translation>后缀 {0} 未知</translation>
    </message>
    <message>
        <source>the suffix {0} is not that of an animation</source>
        <translation>后缀 {0} 不是动画的后缀</translation>
    </message>
    <message>
        <source>the sums of squares overflow</source>
        <translation>平方和超出数的范围</translation>
    </message>
    <message>
        <source>the system cannot read it ({0})</source>
        <translation>系统无法读取它（{0}）</translation>
    </message>
    <message>
        <source>the system could not read it ({0})</source>
        <translation>系统无法读取它（{0}）</translation>
    </message>
    <message>
        <source>the system could not write it ({0})</source>
        <translation>系统无法写入它（{0}）</translation>
    </message>
    <message>
        <source>the system has no room for {0} processes: {1} did the work</source>
        <translation>系统容纳不下 {0} 个进程：由 {1} 个完成了工作</translation>
    </message>
    <message>
        <source>the target does not follow from the picture by any kernel that is centred</source>
        <translation>任何居中的卷积核都不能由该图片得出目标</translation>
    </message>
    <message>
        <source>the target has shape {0}, the output {1}</source>
        <translation>目标的形状是 {0}，输出是 {1}</translation>
    </message>
    <message>
        <source>the target holds {0} from {1} to {2}</source>
        <translation>目标含有从 {1} 到 {2} 的 {0}</translation>
    </message>
    <message>
        <source>the target is {0}, the output {1}</source>
        <translation>目标是 {0}，输出是 {1}</translation>
    </message>
    <message>
        <source>the target is {0}, the picture {1}</source>
        <translation>目标为 {0}，图片为 {1}</translation>
    </message>
    <message>
        <source>the target is {0}, the picture {1} and the kernel {2}</source>
        <translation>目标是 {0}，图片是 {1}，核是 {2}</translation>
    </message>
    <message>
        <source>the target of learning</source>
        <translation>学习的目标</translation>
    </message>
    <message>
        <source>the text has {0} characters</source>
        <translation>文本有 {0} 个字符</translation>
    </message>
    <message>
        <source>the text is neither a pipeline nor a matrix of numbers: {why}</source>
        <translation>文本既不是流水线，也不是数字矩阵：{why}</translation>
    </message>
    <message>
        <source>the transitions leave no band that is to pass; of what is stopped, at most {0} is left ({1} dB)</source>
        <translation>过渡带没有留下应通过的频带；应阻止的部分最多残留 {0}（{1} dB）</translation>
    </message>
    <message>
        <source>the tree has more than {0}</source>
        <translation>展开的算式超过 {0}</translation>
    </message>
    <message>
        <source>the true picture</source>
        <translation>真实图片</translation>
    </message>
    <message>
        <source>the true picture is {0}, the blurred one {1}</source>
        <translation>真实图片为 {0}，模糊图片为 {1}</translation>
    </message>
    <message>
        <source>the value is made of {0} term(s); at most {1} are listed</source>
        <translation>该值由 {0} 项组成；最多列出 {1} 项</translation>
    </message>
    <message>
        <source>the values are right inside, and wrong near the border</source>
        <translation>内部的值是对的，边缘附近的不对</translation>
    </message>
    <message>
        <source>the wall</source>
        <translation>特征图墙</translation>
    </message>
    <message>
        <source>the weights add up to 0, so that no gain can be told from them</source>
        <translation>权重之和为 0，因此无法由它们得出增益</translation>
    </message>
    <message>
        <source>the weights of each output add up to {0}: only their sum tells gain from kernel</source>
        <translation>每个输出的权重之和为 {0}：只有权重之和才能把增益与卷积核区分开</translation>
    </message>
    <message>
        <source>the weights would not be finite numbers</source>
        <translation>权重将不是有限的数</translation>
    </message>
    <message>
        <source>the window cannot start: {0}</source>
        <translation>窗口无法启动：{0}</translation>
    </message>
    <message>
        <source>the window of {0} (dilation {1}: {2} cells) is larger than the input of {3}</source>
        <translation>大小为 {0} 的窗口（膨胀 {1}：{2} 个单元）大于大小为 {3} 的输入</translation>
    </message>
    <message>
        <source>the window of {0} (dilation {1}: {2} cells) is larger than the input of {3} with padding {4} + {5}</source>
        <translation>大小为 {0} 的窗口（膨胀 {1}：{2} 个单元）大于大小为 {3}、填充 {4} + {5} 的输入</translation>
    </message>
    <message>
        <source>the window of {0} is larger than the input of {1}</source>
        <translation>大小为 {0} 的窗口大于大小为 {1} 的输入</translation>
    </message>
    <message>
        <source>the window of {0} is larger than the input of {1} with padding {2} + {3}</source>
        <translation>大小为 {0} 的窗口大于大小为 {1}、填充 {2} + {3} 的输入</translation>
    </message>
    <message>
        <source>the winner</source>
        <translation>被选中的格子</translation>
    </message>
    <message>
        <source>the worker {0} cannot be used: {1}</source>
        <translation>无法使用工作进程 {0}：{1}</translation>
    </message>
    <message>
        <source>the worker {0} is left out: {1}</source>
        <translation>已排除工作进程 {0}：{1}</translation>
    </message>
    <message>
        <source>the workers that did it were lost</source>
        <translation>处理它的工作进程已丢失</translation>
    </message>
    <message>
        <source>the {0} has shape {1}</source>
        <translation>{0}的形状是 {1}</translation>
    </message>
    <message>
        <source>the {0} holds NaN or infinity</source>
        <translation>{0}含有 NaN 或无穷大</translation>
    </message>
    <message>
        <source>the {0} holds NaN or infinity, or numbers too large to be squared</source>
        <translation>{0}含有 NaN、无穷大，或大到无法平方的数</translation>
    </message>
    <message>
        <source>the {0} largest peaks lie on {1} dot(s) of a picture that you have not seen</source>
        <translation>在一张您没有见过的图片上，最大的 {0} 个峰只落在 {1} 个亮点上</translation>
    </message>
    <message>
        <source>there are more than {0} numbers and signs</source>
        <translation>数字和符号超过 {0} 个</translation>
    </message>
    <message>
        <source>there are no labelled pictures yet</source>
        <translation>还没有带标签的图片</translation>
    </message>
    <message>
        <source>there are no maps for a contact sheet</source>
        <translation>没有可用于拼图的图</translation>
    </message>
    <message>
        <source>there are no pictures</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>there are no pictures yet</source>
        <translation>还没有图片</translation>
    </message>
    <message>
        <source>there are no rows {0} to {1}</source>
        <translation>没有第 {0} 到 {1} 行</translation>
    </message>
    <message>
        <source>there are {0} classes</source>
        <translation>有 {0} 个类别</translation>
    </message>
    <message>
        <source>there are {0} layer(s), and there should be at most {1}</source>
        <translation>有 {0} 层，最多应有 {1} 层</translation>
    </message>
    <message>
        <source>there are {0} parameter(s), and there should be {1}</source>
        <translation>有 {0} 个参数，应为{1}</translation>
    </message>
    <message>
        <source>there are {0} row(s) for a picture of {1}</source>
        <translation>有 {0} 行，而图片应有 {1} 行</translation>
    </message>
    <message>
        <source>there are {0} score(s) for a picture, and there should be one for each of {1} classes</source>
        <translation>每张图片有 {0} 个得分，而 {1} 个类别应各有一个</translation>
    </message>
    <message>
        <source>there is a file of that name</source>
        <translation>已有同名文件</translation>
    </message>
    <message>
        <source>there is a folder of that name</source>
        <translation>已有同名文件夹</translation>
    </message>
    <message>
        <source>there is a node {0} already</source>
        <translation>已经有节点 {0}</translation>
    </message>
    <message>
        <source>there is no axis {0} in {1}</source>
        <translation>{1} 中没有轴 {0}</translation>
    </message>
    <message>
        <source>there is no colour map {0}</source>
        <translation>没有颜色表 {0}</translation>
    </message>
    <message>
        <source>there is no constraint {0}</source>
        <translation>没有约束 {0}</translation>
    </message>
    <message>
        <source>there is no display to open a window on</source>
        <translation>没有可以打开窗口的显示器</translation>
    </message>
    <message>
        <source>there is no exercise {0}</source>
        <translation>没有名为 {0} 的练习</translation>
    </message>
    <message>
        <source>there is no family {0}</source>
        <translation>没有名为 {0} 的核族</translation>
    </message>
    <message>
        <source>there is no fill {0}</source>
        <translation>没有名为 {0} 的填充</translation>
    </message>
    <message>
        <source>there is no folder for the maps yet</source>
        <translation>还没有存放特征图的文件夹</translation>
    </message>
    <message>
        <source>there is no folder to watch</source>
        <translation>没有可监视的文件夹</translation>
    </message>
    <message>
        <source>there is no head {0}</source>
        <translation>没有输出头 {0}</translation>
    </message>
    <message>
        <source>there is no kernel that may have blurred the picture</source>
        <translation>没有可能把图片模糊的卷积核</translation>
    </message>
    <message>
        <source>there is no kernel {0}</source>
        <translation>没有核 {0}</translation>
    </message>
    <message>
        <source>there is no kind of fact {0}</source>
        <translation>没有这种事实：{0}</translation>
    </message>
    <message>
        <source>there is no language {0}</source>
        <translation>没有语言 {0}</translation>
    </message>
    <message>
        <source>there is no layer that can learn</source>
        <translation>没有可以学习的层</translation>
    </message>
    <message>
        <source>there is no layer {0}</source>
        <translation>没有层 {0}</translation>
    </message>
    <message>
        <source>there is no lens {0}</source>
        <translation>没有名为 {0} 的视角</translation>
    </message>
    <message>
        <source>there is no loss {0}</source>
        <translation>没有损失 {0}</translation>
    </message>
    <message>
        <source>there is no network yet that distinguishes {0} class(es)</source>
        <translation>还没有能区分 {0} 个类别的网络</translation>
    </message>
    <message>
        <source>there is no node {0}</source>
        <translation>没有节点 {0}</translation>
    </message>
    <message>
        <source>there is no number between the brackets</source>
        <translation>括号之间没有数字</translation>
    </message>
    <message>
        <source>there is no number in the text</source>
        <translation>文本中没有数字</translation>
    </message>
    <message>
        <source>there is no optimizer {0}</source>
        <translation>没有优化器 {0}</translation>
    </message>
    <message>
        <source>there is no picture</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>there is no preprocessing {0}</source>
        <translation>没有名为 {0} 的预处理</translation>
    </message>
    <message>
        <source>there is no program {0}</source>
        <translation>没有程序 {0}</translation>
    </message>
    <message>
        <source>there is no room for {0}: it misses pictures</source>
        <translation>{0} 已无空间写入：其中缺少一些图片</translation>
    </message>
    <message>
        <source>there is no schedule {0}</source>
        <translation>没有学习率调度 {0}</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>没有这个文件</translation>
    </message>
    <message>
        <source>there is no such file or folder</source>
        <translation>没有这个文件或文件夹</translation>
    </message>
    <message>
        <source>there is no target yet</source>
        <translation>还没有目标</translation>
    </message>
    <message>
        <source>there is no teacher yet</source>
        <translation>还没有教师</translation>
    </message>
    <message>
        <source>there is no window here to take it from: give numbers</source>
        <translation>这里没有可参照的窗口：请给出数值</translation>
    </message>
    <message>
        <source>there is no {0} before {1}</source>
        <translation>{1} 之前没有 {0}</translation>
    </message>
    <message>
        <source>there is no {0} {1}</source>
        <translation>没有 {0} {1}</translation>
    </message>
    <message>
        <source>there is not enough memory for it</source>
        <translation>内存不够</translation>
    </message>
    <message>
        <source>there is not enough memory for params</source>
        <translation>内存不足，无法容纳 params</translation>
    </message>
    <message>
        <source>there is not enough memory for this</source>
        <translation>内存不足，无法这样做</translation>
    </message>
    <message>
        <source>there is nothing to compare</source>
        <translation>没有可比较的内容</translation>
    </message>
    <message>
        <source>there is nothing to learn from</source>
        <translation>没有可学习的内容</translation>
    </message>
    <message>
        <source>there is nothing to merge</source>
        <translation>没有可合并的</translation>
    </message>
    <message>
        <source>there is one picture of class {0}</source>
        <translation>类别 {0} 只有一张图片</translation>
    </message>
    <message>
        <source>there is {0} class</source>
        <translation>有 {0} 个类别</translation>
    </message>
    <message>
        <source>these parameters do not give finite numbers</source>
        <translation>这些参数得不到有限的数</translation>
    </message>
    <message>
        <source>they must agree</source>
        <translation>它们必须一致</translation>
    </message>
    <message>
        <source>they must agree for a shared kernel</source>
        <translation>共用一个核时它们必须一致</translation>
    </message>
    <message>
        <source>this cannot be the name of a file</source>
        <translation>没有文件能用这样的名称</translation>
    </message>
    <message>
        <source>this channel</source>
        <translation>这个通道</translation>
    </message>
    <message>
        <source>this command writes them in tiles: {0}</source>
        <translation>以下命令会分块写出它们：{0}</translation>
    </message>
    <message>
        <source>this is a bug in FilterLab; your work is unchanged</source>
        <translation>这是程序的故障；你的工作保持原样</translation>
    </message>
    <message>
        <source>this kernel is {h} by {w}</source>
        <translation>此核是 {h} 乘 {w}</translation>
    </message>
    <message>
        <source>this map</source>
        <translation>这张特征图</translation>
    </message>
    <message>
        <source>this program reads "{0}"</source>
        <translation>此程序读取 "{0}"</translation>
    </message>
    <message>
        <source>tick one</source>
        <translation>勾选一个</translation>
    </message>
    <message>
        <source>tile {0} of {1}</source>
        <translation>第 {0} 个图块（共 {1} 个）</translation>
    </message>
    <message>
        <source>tiles</source>
        <translation>图块</translation>
    </message>
    <message>
        <source>times</source>
        <translation>乘</translation>
    </message>
    <message>
        <source>times the weight {weight} is {product}</source>
        <translation>乘以权重 {weight} 得 {product}</translation>
    </message>
    <message>
        <source>times {0}, a cell would no longer be a finite number</source>
        <translation>乘以 {0} 后，某格不再是有限的数</translation>
    </message>
    <message>
        <source>to be drawn by “{name}”</source>
        <translation>由“{name}”生成</translation>
    </message>
    <message>
        <source>to be made from named kernels</source>
        <translation>以由具名卷积核生成</translation>
    </message>
    <message>
        <source>to ¼</source>
        <translation>到 ¼</translation>
    </message>
    <message>
        <source>to ½</source>
        <translation>到 ½</translation>
    </message>
    <message>
        <source>to ⅛</source>
        <translation>到 ⅛</translation>
    </message>
    <message>
        <source>tolerance is {0}</source>
        <translation>tolerance 是 {0}</translation>
    </message>
    <message>
        <source>tones</source>
        <translation>色调</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>打开的文件太多</translation>
    </message>
    <message>
        <source>too many large maps are rearranged before it</source>
        <translation>在它之前重新排列的大特征图太多</translation>
    </message>
    <message>
        <source>top</source>
        <translation>上</translation>
    </message>
    <message>
        <source>top = bottom</source>
        <translation>上下相等</translation>
    </message>
    <message>
        <source>top and bottom</source>
        <translation>上和下</translation>
    </message>
    <message>
        <source>top is {0}</source>
        <translation>top 是 {0}</translation>
    </message>
    <message>
        <source>total variation</source>
        <translation>全变差</translation>
    </message>
    <message>
        <source>traced back through weighted sums, the branches come from {0} and {1}</source>
        <translation>沿加权和回溯，各分支分别来自 {0} 和 {1}</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>true</source>
        <translation>真实</translation>
    </message>
    <message>
        <source>true class {row}, predicted {col}: {n} of {total}</source>
        <translation>真实类别 {row}，预测为 {col}：{n} 个，共 {total} 个</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>try a smaller picture</source>
        <translation>试试更小的图片</translation>
    </message>
    <message>
        <source>try again</source>
        <translation>请重试</translation>
    </message>
    <message>
        <source>try again later</source>
        <translation>请稍后再试</translation>
    </message>
    <message>
        <source>two finite numbers, each {0}</source>
        <translation>两个有限的数，每个{0}</translation>
    </message>
    <message>
        <source>two numbers, each {0}</source>
        <translation>两个数，每个{0}</translation>
    </message>
    <message>
        <source>u {u}, v {v} cycles a pixel</source>
        <translation>u {u}，v {v} 周期/像素</translation>
    </message>
    <message>
        <source>u, v, radius, gain</source>
        <translation>u, v, 半径, 增益</translation>
    </message>
    <message>
        <source>uncertainty</source>
        <translation>不确定度</translation>
    </message>
    <message>
        <source>undo the change, or start learning again</source>
        <translation>撤销所做的更改，或重新学习</translation>
    </message>
    <message>
        <source>undoes a blur</source>
        <translation>去除模糊的滤波器</translation>
    </message>
    <message>
        <source>unfolded</source>
        <translation>已展开</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>均匀</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>until is {0}</source>
        <translation>until 为 {0}</translation>
    </message>
    <message>
        <source>untitled</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>untitled pipeline</source>
        <translation>未命名的流水线</translation>
    </message>
    <message>
        <source>up to date</source>
        <translation>已是最新</translation>
    </message>
    <message>
        <source>up to date in {time}</source>
        <translation>已是最新，用时 {time}</translation>
    </message>
    <message>
        <source>use --overwrite, --resume or another folder</source>
        <translation>使用 --overwrite、--resume 或另一个文件夹</translation>
    </message>
    <message>
        <source>use .json or .safetensors</source>
        <translation>使用 .json 或 .safetensors</translation>
    </message>
    <message>
        <source>use .npy, .tif or .tiff</source>
        <translation>使用 .npy、.tif 或 .tiff</translation>
    </message>
    <message>
        <source>use .onnx, .py or .safetensors</source>
        <translation>请使用 .onnx、.py 或 .safetensors</translation>
    </message>
    <message>
        <source>use .png for 16 bits</source>
        <translation>16 位请使用 .png</translation>
    </message>
    <message>
        <source>use == for numbers</source>
        <translation>数字请用 ==</translation>
    </message>
    <message>
        <source>use a larger scale</source>
        <translation>使用更大的倍数</translation>
    </message>
    <message>
        <source>use a smaller dilation</source>
        <translation>请减小膨胀率</translation>
    </message>
    <message>
        <source>use a smaller factor</source>
        <translation>使用更小的系数</translation>
    </message>
    <message>
        <source>use a smaller kernel or dilation, more padding or a larger picture</source>
        <translation>使用更小的核或扩张，更多填充，或更大的图片</translation>
    </message>
    <message>
        <source>use a smaller picture</source>
        <translation>使用更小的图片</translation>
    </message>
    <message>
        <source>use a smaller picture or fewer channels, or hide other layers</source>
        <translation>使用较小的图片或较少的通道，或隐藏其他层</translation>
    </message>
    <message>
        <source>use a smaller picture, or `filterlab run`, which takes large ones in tiles</source>
        <translation>请使用较小的图片，或使用 `filterlab run`，它会把大图片分块处理</translation>
    </message>
    <message>
        <source>use a smaller picture, or fewer channels</source>
        <translation>使用更小的图片，或更少的通道</translation>
    </message>
    <message>
        <source>use a smaller picture, or more memory</source>
        <translation>请使用更小的图像，或允许更多内存</translation>
    </message>
    <message>
        <source>use a smaller size, or Pad first</source>
        <translation>减小裁剪尺寸，或先加“填充层”</translation>
    </message>
    <message>
        <source>use at most {0}</source>
        <translation>最多 {0}</translation>
    </message>
    <message>
        <source>use fewer channels, or hide other layers</source>
        <translation>请使用较少的通道，或隐藏其他层</translation>
    </message>
    <message>
        <source>use less extreme ones</source>
        <translation>请用不那么极端的值</translation>
    </message>
    <message>
        <source>use less padding</source>
        <translation>请减少填充</translation>
    </message>
    <message>
        <source>use letters, digits, _ - . and /, and not {0}</source>
        <translation>使用字母、数字、_ - . 和 /，不能是 {0}</translation>
    </message>
    <message>
        <source>use padding "same", or crop the target</source>
        <translation>使用填充 "same"，或裁剪目标</translation>
    </message>
    <message>
        <source>use run_tiled</source>
        <translation>请使用 run_tiled</translation>
    </message>
    <message>
        <source>use sgd or adam for nonnegative kernels</source>
        <translation>非负核请使用 sgd 或 adam</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>value ({0}) is not the one that a wider tile gives</source>
        <translation>数值（{0}）与更大的分块所得不同</translation>
    </message>
    <message>
        <source>value × weight = product</source>
        <translation>值 × 权重 = 乘积</translation>
    </message>
    <message>
        <source>value → contribution</source>
        <translation>值 → 它贡献的量</translation>
    </message>
    <message>
        <source>values are not an array of numbers</source>
        <translation>values 不是数值数组</translation>
    </message>
    <message>
        <source>values from {low} to {high}</source>
        <translation>值从 {low} 到 {high}</translation>
    </message>
    <message>
        <source>values have {0} axes</source>
        <translation>values 有 {0} 个轴</translation>
    </message>
    <message>
        <source>values have {0} axis</source>
        <translation>values 有 {0} 个轴</translation>
    </message>
    <message>
        <source>vector</source>
        <translation>向量</translation>
    </message>
    <message>
        <source>wait until it has ended, or name another folder</source>
        <translation>请等它结束，或指定另一个文件夹</translation>
    </message>
    <message>
        <source>waits for {node}</source>
        <translation>等待 {node}</translation>
    </message>
    <message>
        <source>watch and json belong to the command line</source>
        <translation>watch 和 json 属于命令行</translation>
    </message>
    <message>
        <source>wavelength {n} pixels at {angle}°</source>
        <translation>波长 {n} 像素，方向 {angle}°</translation>
    </message>
    <message>
        <source>weight * (x - running_mean) / sqrt(running_var + eps) + bias, with the numbers of each channel.</source>
        <translation>weight * (x - running_mean) / sqrt(running_var + eps) + bias，每个通道用自己的数。</translation>
    </message>
    <message>
        <source>weight * (x - running_mean) / sqrt(running_var + eps) + bias, with the numbers of each channel.

As torch.nn.BatchNorm2d in evaluation: the statistics are those of training, not of this picture.</source>
        <translation>weight * (x - running_mean) / sqrt(running_var + eps) + bias，每个通道用各自的数。

同求值模式下的 torch.nn.BatchNorm2d：统计量来自训练，而不是这张图片。</translation>
    </message>
    <message>
        <source>weight @ x + bias: every output is a weighted sum of all features; as torch.nn.Linear.</source>
        <translation>weight @ x + bias：每个输出是所有特征的加权和；同 torch.nn.Linear。</translation>
    </message>
    <message>
        <source>weight has shape {0}</source>
        <translation>weight 的形状是 {0}</translation>
    </message>
    <message>
        <source>weight has {0} input channel</source>
        <translation>权重有 {0} 个输入通道</translation>
    </message>
    <message>
        <source>weight has {0} input channels</source>
        <translation>权重有 {0} 个输入通道</translation>
    </message>
    <message>
        <source>weight has {0} number(s) for {1} channel(s)</source>
        <translation>weight 有 {0} 个数，而通道有 {1} 个</translation>
    </message>
    <message>
        <source>weight is (input channels, output channels / groups, height, width)</source>
        <translation>weight 是（输入通道，输出通道 / 分组，高，宽）</translation>
    </message>
    <message>
        <source>weight is (output channels, input channels / groups, height, width)</source>
        <translation>weight 是（输出通道，输入通道 / 分组，高，宽）</translation>
    </message>
    <message>
        <source>weight is (outputs, inputs); the picture may need another size</source>
        <translation>weight 是（输出，输入）；图片可能需要另一种大小</translation>
    </message>
    <message>
        <source>what follows its last number is not read</source>
        <translation>最后一个数之后的内容未读取</translation>
    </message>
    <message>
        <source>what follows its last pixel is not read</source>
        <translation>最后一个像素之后的内容未读取</translation>
    </message>
    <message>
        <source>what follows its last whole frame is damaged</source>
        <translation>最后一个完整帧之后的内容已损坏</translation>
    </message>
    <message>
        <source>what follows its pixels is damaged</source>
        <translation>像素之后的内容已损坏</translation>
    </message>
    <message>
        <source>what the layer reads</source>
        <translation>该层的输入</translation>
    </message>
    <message>
        <source>where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>whole picture</source>
        <translation>感受野为整图</translation>
    </message>
    <message>
        <source>width</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>window</source>
        <translation>窗函数法</translation>
    </message>
    <message>
        <source>window i: ⌊i·{0} / {1}⌋ up to ⌈(i + 1)·{0} / {1}⌉, {2} {3}</source>
        <translation>窗口 i：⌊i·{0} / {1}⌋ 到 ⌈(i + 1)·{0} / {1}⌉，{2} {3}</translation>
    </message>
    <message>
        <source>windows of {0} / {1} = {2} {3}</source>
        <translation>窗口：{0} / {1} = {2} {3}</translation>
    </message>
    <message>
        <source>winner of {count}</source>
        <translation>{count} 个中被选中者</translation>
    </message>
    <message>
        <source>with padding {0} the target must be {1}{2}</source>
        <translation>填充为 {0} 时，目标必须是 {1}{2}</translation>
    </message>
    <message>
        <source>with {0}, the recipes so far would make {1} number(s)</source>
        <translation>加上 {0}，到此为止的配方共有 {1} 个数</translation>
    </message>
    <message>
        <source>would form a cycle</source>
        <translation>会形成环路</translation>
    </message>
    <message>
        <source>write 0 into it</source>
        <translation>请填入 0</translation>
    </message>
    <message>
        <source>write 0 into it; a single tab separates cells</source>
        <translation>请填入 0；一个制表符分隔单元格</translation>
    </message>
    <message>
        <source>write 0.25 for 25 %</source>
        <translation>25% 请写成 0.25</translation>
    </message>
    <message>
        <source>write a decimal point, or no comma</source>
        <translation>请写小数点，或不写逗号</translation>
    </message>
    <message>
        <source>write a number as 0.5, 1e-3 or 1/9</source>
        <translation>请把数写成 0.5、1e-3 或 1/9</translation>
    </message>
    <message>
        <source>write a row on each line, as {0} or as {1}</source>
        <translation>每行写一行，写成{0}或{1}</translation>
    </message>
    <message>
        <source>write a row on each line, row {0} as {1} or {2}</source>
        <translation>每行写一行，第 {0} 行写作 {1} 或 {2}</translation>
    </message>
    <message>
        <source>write it as .svg, or explain a smaller window</source>
        <translation>写为 .svg，或解释更小的窗口</translation>
    </message>
    <message>
        <source>write it as 1000, 0.5 or 10M</source>
        <translation>请写成 1000、0.5 或 10M</translation>
    </message>
    <message>
        <source>write it in a simpler way</source>
        <translation>请写得简单些</translation>
    </message>
    <message>
        <source>write its channels one by one, or as .npy or .tiff</source>
        <translation>逐个写出它的通道，或写为 .npy 或 .tiff</translation>
    </message>
    <message>
        <source>write rows of numbers, as 1 2 1 / 0 0 0 on two lines</source>
        <translation>请写成数字行，如两行的 1 2 1 / 0 0 0</translation>
    </message>
    <message>
        <source>write the list into a file, or pipe it in and give @-</source>
        <translation>请把列表写入文件，或通过管道传入并用 @-</translation>
    </message>
    <message>
        <source>write {0} for a brace</source>
        <translation>花括号请写作 {0}</translation>
    </message>
    <message>
        <source>x * min(max(x + 3, 0), 6) / 6; Howard et al. 2019.</source>
        <translation>x * min(max(x + 3, 0), 6) / 6；Howard 等 2019。</translation>
    </message>
    <message>
        <source>x * sigmoid(x); Elfwing et al. 2017.</source>
        <translation>x * sigmoid(x)；Elfwing 等 2017。</translation>
    </message>
    <message>
        <source>x * tanh(softplus(x)); Misra 2019.</source>
        <translation>x * tanh(softplus(x))；Misra 2019。</translation>
    </message>
    <message>
        <source>x * weight + bias with the numbers of each channel; also on vectors.</source>
        <translation>x * weight + bias，每个通道各有其数；也用于向量。</translation>
    </message>
    <message>
        <source>x - tanh(x), as torch.nn.Tanhshrink.</source>
        <translation>x - tanh(x)，与 torch.nn.Tanhshrink 相同。</translation>
    </message>
    <message>
        <source>x / (k + alpha / size * sum of x^2 over size channels around)^beta; Krizhevsky et al. 2012.</source>
        <translation>x / (k + alpha / size * 周围 size 个通道的 x^2 之和)^beta；Krizhevsky 等 2012。</translation>
    </message>
    <message>
        <source>x has shape {0}, the target {1}</source>
        <translation>x 的形状是 {0}，目标是 {1}</translation>
    </message>
    <message>
        <source>x has shape {0}, weight {1}</source>
        <translation>x 的形状是 {0}，权重是 {1}</translation>
    </message>
    <message>
        <source>x has {0} channel(s) ({1}), weight {2} takes {3}</source>
        <translation>x 有 {0} 个通道（{1}），权重 {2} 需要 {3} 个</translation>
    </message>
    <message>
        <source>x has {0} channel(s) ({1}), weight {2} with groups={3} takes {4}</source>
        <translation>x 有 {0} 个通道（{1}），权重 {2} 在 groups={3} 时需要 {4} 个</translation>
    </message>
    <message>
        <source>x is {0} and its guide {1}</source>
        <translation>x 为 {0}，其引导图为 {1}</translation>
    </message>
    <message>
        <source>x itself: dropout acts in training only, and stands here so that networks keep their form.</source>
        <translation>即 x 本身：Dropout 只在训练中起作用，放在这里是为了让网络保持原形。</translation>
    </message>
    <message>
        <source>x moved by lambd towards 0, and 0 where |x| &lt;= lambd; Donoho 1995.</source>
        <translation>x 向 0 移动 lambd，|x| &lt;= lambd 处为 0；Donoho 1995。</translation>
    </message>
    <message>
        <source>x responds to vertical edges that are brighter to the right, y to horizontal edges that are brighter below.</source>
        <translation>x 对右侧较亮的竖直边缘响应为正；y 对下方较亮的水平边缘响应为正。</translation>
    </message>
    <message>
        <source>x times the normal distribution's cumulative function at x; Hendrycks and Gimpel 2016.</source>
        <translation>x 乘以正态分布在 x 处的累积函数；Hendrycks 和 Gimpel 2016。</translation>
    </message>
    <message>
        <source>x where x &gt; 0, else alpha * (exp(x / alpha) - 1); Barron 2017.</source>
        <translation>x &gt; 0 时为 x，否则为 alpha * (exp(x / alpha) - 1)；Barron 2017。</translation>
    </message>
    <message>
        <source>x where x &gt; 0, else alpha * (exp(x) - 1); Clevert et al. 2016.</source>
        <translation>x &gt; 0 时为 x，否则 alpha * (exp(x) - 1)；Clevert 等 2016。</translation>
    </message>
    <message>
        <source>x where x &gt; 0, else negative_slope * x; Maas et al. 2013.</source>
        <translation>x &gt; 0 时为 x，否则 negative_slope * x；Maas 等 2013。</translation>
    </message>
    <message>
        <source>x where x &gt; 0, else weight * x; He et al. 2015.</source>
        <translation>x &gt; 0 时为 x，否则 weight * x；He 等 2015。</translation>
    </message>
    <message>
        <source>x where x &gt; threshold, else value, as torch.nn.Threshold.</source>
        <translation>x &gt; threshold 时为 x，否则为 value，与 torch.nn.Threshold 相同。</translation>
    </message>
    <message>
        <source>x where |x| &gt; lambd, else 0, as torch.nn.Hardshrink.</source>
        <translation>|x| &gt; lambd 时为 x，否则为 0，与 torch.nn.Hardshrink 相同。</translation>
    </message>
    <message>
        <source>x1 / x2, with the infinities and NaN that a 0 in x2 gives.</source>
        <translation>x1 / x2；x2 中的 0 给出无穷和 NaN。</translation>
    </message>
    <message>
        <source>x[start:stop:step] of the channels, or of a vector's features; a step of -1 turns RGB into BGR.</source>
        <translation>通道或向量特征的 x[start:stop:step]；步长 -1 把 RGB 变为 BGR。</translation>
    </message>
    <message>
        <source>x[start:stop:step] of the rows and of the columns: every second cell, the upper half, a margin less.</source>
        <translation>行和列的 x[start:stop:step]：隔一个取一个、取上半部、去掉边缘等。</translation>
    </message>
    <message>
        <source>you have no permission to read it</source>
        <translation>没有读取权限</translation>
    </message>
    <message>
        <source>you have no permission to write there</source>
        <translation>没有在那里写入的权限</translation>
    </message>
    <message>
        <source>your own, or a sample</source>
        <translation>你自己的，或一张示例</translation>
    </message>
    <message>
        <source>your share of the disk is used up</source>
        <translation>磁盘配额已用完</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>零</translation>
    </message>
    <message>
        <source>zoom {factor}×</source>
        <translation>缩放 {factor}×</translation>
    </message>
    <message>
        <source>{0} % of the pictures get the right class, and {1} % should</source>
        <translation>{0} % 的图片类别正确，应达到 {1} %</translation>
    </message>
    <message>
        <source>{0} % of the values are wrong on a picture that you have not seen, by up to {1}</source>
        <translation>在一张您没有见过的图片上，{0} % 的值不对，最多相差 {1}</translation>
    </message>
    <message>
        <source>{0} Give {1}</source>
        <translation>{0}给出 {1}</translation>
    </message>
    <message>
        <source>{0} and {1} do not go together</source>
        <translation>{0} 与 {1} 不能同时使用</translation>
    </message>
    <message>
        <source>{0} and {1} would both write {2}</source>
        <translation>{0} 和 {1} 都会写入 {2}</translation>
    </message>
    <message>
        <source>{0} are {1} unknown weights for each output</source>
        <translation>{0} 意味着每个输出有 {1} 个未知的权重</translation>
    </message>
    <message>
        <source>{0} at letter {1} of {2}</source>
        <translation>{0}：位于 {2} 的第 {1} 个字符</translation>
    </message>
    <message>
        <source>{0} axes ({1}), none empty</source>
        <translation>{0} 个轴（{1}），均不为空</translation>
    </message>
    <message>
        <source>{0} by {1} cells cannot be divided by {2}</source>
        <translation>{0} 乘 {1} 格不能被 {2} 整除</translation>
    </message>
    <message>
        <source>{0} by {1} cells do not fit here</source>
        <translation>这里放不下 {0} × {1} 个单元格</translation>
    </message>
    <message>
        <source>{0} by {1} cells do not fit into {2} by {3}</source>
        <translation>{0} 乘 {1} 格放不进 {2} 乘 {3}</translation>
    </message>
    <message>
        <source>{0} cannot be merged</source>
        <translation>{0} 不能合并</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>无法读取 {0}：{1}</translation>
    </message>
    <message>
        <source>{0} channel(s) cannot be divided by {1} * {2}</source>
        <translation>{0} 个通道不能被 {1} * {2} 整除</translation>
    </message>
    <message>
        <source>{0} claims more bytes than the file can hold</source>
        <translation>{0} 声称的字节数超过文件所能容纳</translation>
    </message>
    <message>
        <source>{0} depends on the picture</source>
        <translation>{0} 取决于图片</translation>
    </message>
    <message>
        <source>{0} do not go together</source>
        <translation>{0} 不能同时使用</translation>
    </message>
    <message>
        <source>{0} does not belong in a matrix</source>
        <translation>{0} 不属于矩阵</translation>
    </message>
    <message>
        <source>{0} does not lead to {1}</source>
        <translation>{0} 不通向 {1}</translation>
    </message>
    <message>
        <source>{0} does not sum or concatenate branches</source>
        <translation>{0} 不对分支求和或拼接</translation>
    </message>
    <message>
        <source>{0} exists, and is not of a run like this</source>
        <translation>{0} 已存在，且不是这类运行留下的</translation>
    </message>
    <message>
        <source>{0} feature(s) cannot be divided by {1} * {2}</source>
        <translation>{0} 个特征不能被 {1} * {2} 整除</translation>
    </message>
    <message>
        <source>{0} frame of {1} x {2} pixels is more than {3}</source>
        <translation>{0} 帧 {1} x {2} 像素超过 {3}</translation>
    </message>
    <message>
        <source>{0} frames of {1} x {2} pixels are more than {3}</source>
        <translation>{0} 帧 {1} x {2} 像素超过 {3}</translation>
    </message>
    <message>
        <source>{0} goes with {1}</source>
        <translation>{0} 须与 {1} 一起使用</translation>
    </message>
    <message>
        <source>{0} has a recipe among its values</source>
        <translation>{0} 的值中含有配方</translation>
    </message>
    <message>
        <source>{0} has a shape of {1} axes</source>
        <translation>{0} 的形状有 {1} 个轴</translation>
    </message>
    <message>
        <source>{0} has no kernel that could be split</source>
        <translation>{0} 没有可拆分的卷积核</translation>
    </message>
    <message>
        <source>{0} has no wanted response</source>
        <translation>{0} 没有期望的频率响应</translation>
    </message>
    <message>
        <source>{0} has no weights to learn</source>
        <translation>{0} 没有可学习的权重</translation>
    </message>
    <message>
        <source>{0} has shape {1}</source>
        <translation>{0} 的形状是 {1}</translation>
    </message>
    <message>
        <source>{0} has shape {1}, x has {2} channel(s)</source>
        <translation>{0} 的形状是 {1}，x 有 {2} 个通道</translation>
    </message>
    <message>
        <source>{0} has the dtype {1}</source>
        <translation>{0} 的 dtype 是 {1}</translation>
    </message>
    <message>
        <source>{0} has the initializer 'dirac' with the shape {1}</source>
        <translation>{0} 的初始化方式为 'dirac'，形状为 {1}</translation>
    </message>
    <message>
        <source>{0} has the initializer {1}</source>
        <translation>{0} 的初始化方式是 {1}</translation>
    </message>
    <message>
        <source>{0} has the initializer {1} with the seed {2}</source>
        <translation>{0} 的初始化方式是 {1}，种子是 {2}</translation>
    </message>
    <message>
        <source>{0} has the initializer {1} with the shape {2}</source>
        <translation>{0} 的初始化方式是 {1}，形状是 {2}</translation>
    </message>
    <message>
        <source>{0} has the unknown key {1}</source>
        <translation>{0} 有未知的键 {1}</translation>
    </message>
    <message>
        <source>{0} has {1} number(s)</source>
        <translation>{0} 有 {1} 个数</translation>
    </message>
    <message>
        <source>{0} has {1} number(s) for {2} channel(s)</source>
        <translation>{0} 有 {1} 个数，而通道有 {2} 个</translation>
    </message>
    <message>
        <source>{0} has {1} number(s), running_mean {2}</source>
        <translation>{0} 有 {1} 个数，running_mean 有 {2} 个</translation>
    </message>
    <message>
        <source>{0} has {1} numbers</source>
        <translation>{0} 有 {1} 个数</translation>
    </message>
    <message>
        <source>{0} has {1} {2}</source>
        <translation>{0} 有 {1} {2}</translation>
    </message>
    <message>
        <source>{0} holds 8 bits per channel</source>
        <translation>{0} 每个通道只存 8 位</translation>
    </message>
    <message>
        <source>{0} holds NaN or infinity</source>
        <translation>{0} 含有 NaN 或无穷大</translation>
    </message>
    <message>
        <source>{0} holds something that is not a number</source>
        <translation>{0} 含有不是数的内容</translation>
    </message>
    <message>
        <source>{0} holds {1}</source>
        <translation>{0} 含有 {1}</translation>
    </message>
    <message>
        <source>{0} holds {1}, not real numbers</source>
        <translation>{0} 含有 {1}，不是实数</translation>
    </message>
    <message>
        <source>{0} in each of {1} group(s)</source>
        <translation>{1} 组中每组的{0}</translation>
    </message>
    <message>
        <source>{0} is a list whose rows differ in length</source>
        <translation>{0} 是各行长度不同的列表</translation>
    </message>
    <message>
        <source>{0} is an output of the network</source>
        <translation>{0} 是网络的输出</translation>
    </message>
    <message>
        <source>{0} is damaged</source>
        <translation>{0}已损坏</translation>
    </message>
    <message>
        <source>{0} is damaged, so that a part of it may be wrong</source>
        <translation>{0} 已损坏，因此其中一部分可能有误</translation>
    </message>
    <message>
        <source>{0} is encrypted</source>
        <translation>{0} 已加密</translation>
    </message>
    <message>
        <source>{0} is given twice</source>
        <translation>{0} 给出了两次</translation>
    </message>
    <message>
        <source>{0} is missing</source>
        <translation>{0}缺失</translation>
    </message>
    <message>
        <source>{0} is neither a layer, nor (name, layer), nor a Node</source>
        <translation>{0} 既不是层，也不是（名称，层），也不是 Node</translation>
    </message>
    <message>
        <source>{0} is nested too deep</source>
        <translation>{0} 嵌套过深</translation>
    </message>
    <message>
        <source>{0} is no longer what it was when learning began</source>
        <translation>{0} 已不是学习开始时的样子</translation>
    </message>
    <message>
        <source>{0} is not a finite number</source>
        <translation>{0} 不是有限的数</translation>
    </message>
    <message>
        <source>{0} is not a kernel that is applied to the picture</source>
        <translation>{0} 不是放在图片上的核</translation>
    </message>
    <message>
        <source>{0} is not a layer</source>
        <translation>{0} 不是层</translation>
    </message>
    <message>
        <source>{0} is not a map that a window slides over</source>
        <translation>{0} 不是窗口可以滑过的图</translation>
    </message>
    <message>
        <source>{0} is not a number</source>
        <translation>{0} 不是数</translation>
    </message>
    <message>
        <source>{0} is not a path</source>
        <translation>{0} 不是路径</translation>
    </message>
    <message>
        <source>{0} is not a pipeline: hand in {1}</source>
        <translation>{0} 不是流水线：请交 {1}</translation>
    </message>
    <message>
        <source>{0} is not a score behind a single map</source>
        <translation>{0} 不是单个特征图之后的得分</translation>
    </message>
    <message>
        <source>{0} is not a weighted sum with the same weights at every place</source>
        <translation>{0} 不是处处权重相同的加权和</translation>
    </message>
    <message>
        <source>{0} is not an option here</source>
        <translation>{0} 在这里不是选项</translation>
    </message>
    <message>
        <source>{0} is not expected</source>
        <translation>此处不应有 {0}</translation>
    </message>
    <message>
        <source>{0} is not known</source>
        <translation>未知：{0}</translation>
    </message>
    <message>
        <source>{0} is not one of the layers that are allowed here: {1}</source>
        <translation>{0} 不是这里允许的层：{1}</translation>
    </message>
    <message>
        <source>{0} is not text</source>
        <translation>{0} 不是文本</translation>
    </message>
    <message>
        <source>{0} is not the name of a file</source>
        <translation>{0} 不是文件名</translation>
    </message>
    <message>
        <source>{0} is not the path of a file</source>
        <translation>{0} 不是文件路径</translation>
    </message>
    <message>
        <source>{0} is not understood</source>
        <translation>无法识别 {0}</translation>
    </message>
    <message>
        <source>{0} is packed in a way that NumPy does not know</source>
        <translation>{0} 的打包方式是 NumPy 不认识的</translation>
    </message>
    <message>
        <source>{0} is read by {1} and {2}: its map is still needed</source>
        <translation>{0} 由 {1} 和 {2} 读取：它的特征图仍被需要</translation>
    </message>
    <message>
        <source>{0} is read by {1}, too</source>
        <translation>{0} 还被 {1} 读取</translation>
    </message>
    <message>
        <source>{0} is shorter or longer than it says</source>
        <translation>{0} 不完整，或比它声明的更长</translation>
    </message>
    <message>
        <source>{0} is switched off</source>
        <translation>{0} 已关闭</translation>
    </message>
    <message>
        <source>{0} is too large</source>
        <translation>{0} 太大</translation>
    </message>
    <message>
        <source>{0} is too short: {1} byte(s) cannot hold its pixels</source>
        <translation>{0}太短：{1} 个字节容纳不下它的像素</translation>
    </message>
    <message>
        <source>{0} is {1}</source>
        <translation>{0} 是 {1}</translation>
    </message>
    <message>
        <source>{0} is {1}, {2} is {3}</source>
        <translation>{0} 是 {1}，{2} 是 {3}</translation>
    </message>
    <message>
        <source>{0} kernel(s) of {1} by {2}, {3} of them separable; norms of the output channels from {4} to {5}</source>
        <translation>{0} 个 {1} × {2} 的卷积核，其中 {3} 个可分离；输出通道的范数从 {4} 到 {5}</translation>
    </message>
    <message>
        <source>{0} lies behind the end of the file</source>
        <translation>{0}位于文件末尾之后</translation>
    </message>
    <message>
        <source>{0} marks pixels as invalid; they are read as 0</source>
        <translation>{0} 将一些像素标记为无效；它们按 0 读取</translation>
    </message>
    <message>
        <source>{0} means nothing where no files are written</source>
        <translation>不写文件时 {0} 没有意义</translation>
    </message>
    <message>
        <source>{0} merged into {1}: the same numbers but for {2} row(s) at the top, {3} at the bottom, {4} column(s) at the left, {5} at the right: {6}</source>
        <translation>{0} 已并入 {1}：除上 {2} 行、下 {3} 行、左 {4} 列、右 {5} 列外数值相同：{6}</translation>
    </message>
    <message>
        <source>{0} merged into {1}: the same numbers everywhere</source>
        <translation>{0} 已并入 {1}：各处数值都相同</translation>
    </message>
    <message>
        <source>{0} misses pictures: {1}</source>
        <translation>{0} 中缺少一些图片：{1}</translation>
    </message>
    <message>
        <source>{0} need {1}, and {2} are left for maps</source>
        <translation>{0} 需要 {1}，而留给特征图的有 {2}</translation>
    </message>
    <message>
        <source>{0} needs its whole input; this is computed at 1/{1} of the size</source>
        <translation>{0} 需要完整的输入；这里是按原尺寸 1/{1} 计算的结果</translation>
    </message>
    <message>
        <source>{0} node(s) are named {1}</source>
        <translation>有 {0} 个节点名为 {1}</translation>
    </message>
    <message>
        <source>{0} numbers cannot be laid out as {1}</source>
        <translation>{0} 个数不能排成 {1}</translation>
    </message>
    <message>
        <source>{0} of its {1} picture(s) take {2} numbers</source>
        <translation>其 {1} 张图片中的 {0} 张需要 {2} 个数</translation>
    </message>
    <message>
        <source>{0} of its {1} picture(s) takes {2} numbers</source>
        <translation>其 {1} 张图片中的 {0} 张需要 {2} 个数</translation>
    </message>
    <message>
        <source>{0} of shape {1} would be {2} number(s)</source>
        <translation>形状为 {1} 的 {0} 会有 {2} 个数</translation>
    </message>
    <message>
        <source>{0} of {1} file(s) are written</source>
        <translation>已写入 {0} 个文件，共 {1} 个</translation>
    </message>
    <message>
        <source>{0} of {1} file(s) is written</source>
        <translation>已写入 {0} 个文件，共 {1} 个</translation>
    </message>
    <message>
        <source>{0} of {1} weight(s) are zero</source>
        <translation>{1} 个权重中有 {0} 个为零</translation>
    </message>
    <message>
        <source>{0} other channel: {1}</source>
        <translation>另外 {0} 个通道：{1}</translation>
    </message>
    <message>
        <source>{0} other channels: {1}</source>
        <translation>另外 {0} 个通道：{1}</translation>
    </message>
    <message>
        <source>{0} other term</source>
        <translation>另外 {0} 项</translation>
    </message>
    <message>
        <source>{0} other terms</source>
        <translation>另外 {0} 项</translation>
    </message>
    <message>
        <source>{0} pads the map of {1}, and the merged layer can pad only what {1} reads</source>
        <translation>{0} 对 {1} 的特征图作填充，而合并后的层只能填充 {1} 所读取的图</translation>
    </message>
    <message>
        <source>{0} parameter(s) given</source>
        <translation>给出了 {0} 个参数</translation>
    </message>
    <message>
        <source>{0} picture(s)</source>
        <translation>{0} 幅图片</translation>
    </message>
    <message>
        <source>{0} pictures cannot be registered at once</source>
        <translation>不能一次配准 {0} 张图片</translation>
    </message>
    <message>
        <source>{0} reads several maps</source>
        <translation>{0} 读取多张特征图</translation>
    </message>
    <message>
        <source>{0} reads {1} alone: there are no branches</source>
        <translation>{0} 只读取 {1}：没有分支</translation>
    </message>
    <message>
        <source>{0} rows of {1}</source>
        <translation>{0} 行，每行 {1} 个数</translation>
    </message>
    <message>
        <source>{0} rows or columns are too many</source>
        <translation>{0} 行或列太多</translation>
    </message>
    <message>
        <source>{0} split into {1} layer(s), relative error {2}</source>
        <translation>{0} 已拆分为 {1} 层，相对误差 {2}</translation>
    </message>
    <message>
        <source>{0} stacks kernels of shapes {1}</source>
        <translation>{0} 合并了形状为 {1} 的核</translation>
    </message>
    <message>
        <source>{0} takes {1} to {2} inputs, not {3}</source>
        <translation>{0} 需要 {1} 至 {2} 个输入，而不是 {3} 个</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 到 {1}</translation>
    </message>
    <message>
        <source>{0} undoes {1}</source>
        <translation>{0} 要去除的是 {1}</translation>
    </message>
    <message>
        <source>{0} was given instead of a pair of picture and target</source>
        <translation>应当是一对图片和目标的地方却是 {0}</translation>
    </message>
    <message>
        <source>{0} was given instead of pictures and labels</source>
        <translation>应当是图片和标签的地方却是 {0}</translation>
    </message>
    <message>
        <source>{0} was given where {1} is expected</source>
        <translation>应为 {1} 之处出现了 {0}</translation>
    </message>
    <message>
        <source>{0} with these parameters has no equivalent in ONNX</source>
        <translation>此参数下的 {0} 在 ONNX 中没有对应</translation>
    </message>
    <message>
        <source>{0} with these parameters has no equivalent in PyTorch</source>
        <translation>此参数下的 {0} 在 PyTorch 中没有对应</translation>
    </message>
    <message>
        <source>{0} x {1} pixels are too many for {2}</source>
        <translation>{0} x {1} 像素对 {2} 来说太多</translation>
    </message>
    <message>
        <source>{0} x {1} weights are too many</source>
        <translation>{0} × {1} 个权重太多</translation>
    </message>
    <message>
        <source>{0} {1} of the padding are skipped</source>
        <translation>{0} {1}填充没有窗口覆盖</translation>
    </message>
    <message>
        <source>{0}, input {1}</source>
        <translation>{0}，输入 {1}</translation>
    </message>
    <message>
        <source>{0}, or {1}</source>
        <translation>{0}，或 {1}</translation>
    </message>
    <message>
        <source>{0}, tensor {1}</source>
        <translation>{0}，张量 {1}</translation>
    </message>
    <message>
        <source>{0}, which is compared, does not depend on its weights</source>
        <translation>与目标比较的 {0} 与它的权重无关</translation>
    </message>
    <message>
        <source>{0}, which was being learned, is no longer in the pipeline</source>
        <translation>学习过的 {0} 已不在流水线中</translation>
    </message>
    <message>
        <source>{0}; `filterlab run` works without it</source>
        <translation>{0}；没有它，`filterlab run` 也能工作</translation>
    </message>
    <message>
        <source>{0}; in pictures of other sizes, other cells may differ</source>
        <translation>{0}；其他大小的图片可能在别的格上不同</translation>
    </message>
    <message>
        <source>{0}allowed: {1}</source>
        <translation>{0}可取：{1}</translation>
    </message>
    <message>
        <source>{1} takes {0} input, not {2}</source>
        <translation>{1} 需要 {0} 个输入，而不是 {2} 个</translation>
    </message>
    <message>
        <source>{1} takes {0} inputs, not {2}</source>
        <translation>{1} 需要 {0} 个输入，而不是 {2} 个</translation>
    </message>
    <message>
        <source>{axis} {number}</source>
        <translation>{axis} {number}</translation>
    </message>
    <message>
        <source>{axis}: {notes}</source>
        <translation>{axis}：{notes}</translation>
    </message>
    <message>
        <source>{count} NaN</source>
        <translation>{count} 个 NaN</translation>
    </message>
    <message>
        <source>{count} cells of padding</source>
        <translation>{count} 格填充</translation>
    </message>
    <message>
        <source>{count} frames, {step} rows and columns apart: {seconds} seconds</source>
        <translation>{count} 帧，行列间隔 {step}：{seconds} 秒</translation>
    </message>
    <message>
        <source>{count} hidden: show</source>
        <translation>已隐藏 {count}：显示</translation>
    </message>
    <message>
        <source>{count} infinite</source>
        <translation>{count} 个无穷大</translation>
    </message>
    <message>
        <source>{count} layers cannot be computed</source>
        <translation>{count} 个层无法计算</translation>
    </message>
    <message>
        <source>{count} ms</source>
        <translation>{count} 毫秒</translation>
    </message>
    <message>
        <source>{count} of {cells} cells, {share} %</source>
        <translation>{count} / {cells} 格，{share}%</translation>
    </message>
    <message>
        <source>{count} others</source>
        <translation>其他 {count} 项</translation>
    </message>
    <message>
        <source>{count} products</source>
        <translation>{count} 个乘积</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} terms</source>
        <translation>{count} 项</translation>
    </message>
    <message>
        <source>{count} values</source>
        <translation>{count} 个值</translation>
    </message>
    <message>
        <source>{down} rows, {right} columns, undone</source>
        <translation>{down} 行、{right} 列，已还原</translation>
    </message>
    <message>
        <source>{dtype}, {low} to {high}</source>
        <translation>{dtype}，{low} 到 {high}</translation>
    </message>
    <message>
        <source>{extent} numbers: too many to be edited one by one</source>
        <translation>{extent} 个数：太多，无法逐个编辑</translation>
    </message>
    <message>
        <source>{fix}, for {node}</source>
        <translation>{fix}（{node}）</translation>
    </message>
    <message>
        <source>{folded}; not folded, {n} in all: {first}</source>
        <translation>{folded}；未并入的共 {n} 个：{first}</translation>
    </message>
    <message>
        <source>{here} is the kernel here as a layer; {bent} is 0 where it is enough.</source>
        <translation>{here} 是作为一层的此处的核；在它足够的地方 {bent} 为 0。</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 小时 {minutes} 分</translation>
    </message>
    <message>
        <source>{k} of {n}</source>
        <translation>第 {k} 个，共 {n} 个</translation>
    </message>
    <message>
        <source>{layer} (switched off)</source>
        <translation>{layer}（已关闭）</translation>
    </message>
    <message>
        <source>{low} to {high}, mean {mean}, deviation {std}</source>
        <translation>{low} 到 {high}，平均 {mean}，标准差 {std}</translation>
    </message>
    <message>
        <source>{low} to {high}:</source>
        <translation>{low} 到 {high}：</translation>
    </message>
    <message>
        <source>{mean} on average, {largest} at most</source>
        <translation>平均 {mean}，最大 {largest}</translation>
    </message>
    <message>
        <source>{merged}; in {n} the numbers at the border changed: {last}</source>
        <translation>{merged}；其中 {n} 处边界上的数值改变：{last}</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} 分 {seconds} 秒</translation>
    </message>
    <message>
        <source>{n:g} steps a second</source>
        <translation>每秒 {n:g} 步</translation>
    </message>
    <message>
        <source>{name}
from {low} to {high}</source>
        <translation>{name}
从 {low} 到 {high}</translation>
    </message>
    <message>
        <source>{name} (Page Up, Page Down)</source>
        <translation>{name}（Page Up、Page Down）</translation>
    </message>
    <message>
        <source>{name} (before the last change)</source>
        <translation>{name}（上次更改之前）</translation>
    </message>
    <message>
        <source>{name} (missing)</source>
        <translation>{name}（缺失）</translation>
    </message>
    <message>
        <source>{name} (preview)</source>
        <translation>{name}（预览）</translation>
    </message>
    <message>
        <source>{name} cannot be opened: {why}</source>
        <translation>{name} 无法打开：{why}</translation>
    </message>
    <message>
        <source>{name} has changes that are not saved.</source>
        <translation>{name} 有未保存的更改。</translation>
    </message>
    <message>
        <source>{name} has {n} pages or frames; the first is shown</source>
        <translation>{name} 有 {n} 页或帧；显示第一个</translation>
    </message>
    <message>
        <source>{name} takes {memory}, and maps may take {most}: it is read in parts. Zoomed out, previews are shown, from 1/{n} of the size on; zoomed in, the values at full resolution</source>
        <translation>{name} 需要 {memory}，而特征图最多可用 {most}：它将分块读取。缩小时显示预览（最小为原尺寸的 1/{n}），放大后显示全分辨率的数值</translation>
    </message>
    <message>
        <source>{name} undoes this blur in any picture, nearly, by a kernel of {size}.</source>
        <translation>{name} 用 {size} 的卷积核在任意图片中近似消除这种模糊。</translation>
    </message>
    <message>
        <source>{name} was changed or removed meanwhile</source>
        <translation>{name} 在此期间已更改或删除</translation>
    </message>
    <message>
        <source>{name} was not opened</source>
        <translation>{name} 没有打开</translation>
    </message>
    <message>
        <source>{name} was not opened again</source>
        <translation>{name} 未能重新打开</translation>
    </message>
    <message>
        <source>{name} was not opened again; the rest of the session is restored</source>
        <translation>{name} 没有重新打开；会话的其余部分已恢复</translation>
    </message>
    <message>
        <source>{name} was not opened: cancelled</source>
        <translation>{name} 未打开：已取消</translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation>{name} 未写入</translation>
    </message>
    <message>
        <source>{name} • modified</source>
        <translation>{name} • 已修改</translation>
    </message>
    <message>
        <source>{name}, slider</source>
        <translation>{name}，滑块</translation>
    </message>
    <message>
        <source>{name}-restored</source>
        <translation>{name}-复原</translation>
    </message>
    <message>
        <source>{name}: {layers} layers for {size}; left out, {n} in all: {tensor}, because {why}</source>
        <translation>{name}：{layers} 层，适用于 {size}；略去共 {n} 个：{tensor}，原因是 {why}</translation>
    </message>
    <message>
        <source>{name}; “auto” lets the values decide</source>
        <translation>{name}；输入“自动”则由值决定</translation>
    </message>
    <message>
        <source>{node} has no map.</source>
        <translation>{node} 没有特征图。</translation>
    </message>
    <message>
        <source>{node} has no such value now; click another one.</source>
        <translation>{node} 现在没有这个值；请单击另一个。</translation>
    </message>
    <message>
        <source>{node} has no values now: {why}</source>
        <translation>{node} 目前没有值：{why}</translation>
    </message>
    <message>
        <source>{node} is a vector, which has no spectrum.</source>
        <translation>{node} 是向量，没有频谱。</translation>
    </message>
    <message>
        <source>{node} — cannot be saved</source>
        <translation>{node} — 无法保存</translation>
    </message>
    <message>
        <source>{node}, as learned</source>
        <translation>{node}（刚学到的）</translation>
    </message>
    <message>
        <source>{node}, channel {channel}</source>
        <translation>{node}，通道 {channel}</translation>
    </message>
    <message>
        <source>{node}, channel {channel} contributes {amount}</source>
        <translation>{node}，通道 {channel} 给出 {amount}</translation>
    </message>
    <message>
        <source>{node}, channel {channel}, row {row}, column {col}: {value}</source>
        <translation>{node}，通道 {channel}，行 {row}，列 {col}：{value}</translation>
    </message>
    <message>
        <source>{node}, mean of its channels</source>
        <translation>{node}，各通道的平均</translation>
    </message>
    <message>
        <source>{node}, {state}: largest difference {largest}, relative {relative}</source>
        <translation>{node}，{state}：最大差 {largest}，相对 {relative}</translation>
    </message>
    <message>
        <source>{node}: {value}</source>
        <translation>{node}：{value}</translation>
    </message>
    <message>
        <source>{n} a second</source>
        <translation>每秒 {n} 张</translation>
    </message>
    <message>
        <source>{n} cells selected</source>
        <translation>已选 {n} 格</translation>
    </message>
    <message>
        <source>{n} channels</source>
        <translation>{n} 个通道</translation>
    </message>
    <message>
        <source>{n} chosen maps</source>
        <translation>所选的 {n} 张特征图</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>找到 {n} 个</translation>
    </message>
    <message>
        <source>{n} kernels, each with the same contrast here</source>
        <translation>{n} 个卷积核，此处以相同的对比度显示</translation>
    </message>
    <message>
        <source>{n} layers</source>
        <translation>{n} 层</translation>
    </message>
    <message>
        <source>{n} multiply-adds</source>
        <translation>{n} 次乘加</translation>
    </message>
    <message>
        <source>{n} names</source>
        <translation>{n} 个名称</translation>
    </message>
    <message>
        <source>{n} notches were put on peaks, each with its mirror.</source>
        <translation>已在峰上放置 {n} 个陷波，每个都带镜像。</translation>
    </message>
    <message>
        <source>{n} notches, {m} bands</source>
        <translation>{n} 个陷波，{m} 个频带</translation>
    </message>
    <message>
        <source>{n} of {total} pictures</source>
        <translation>{n} / {total} 张图片</translation>
    </message>
    <message>
        <source>{n} parameters</source>
        <translation>{n} 个参数</translation>
    </message>
    <message>
        <source>{n} pictures of {count} classes</source>
        <translation>{count} 个类别的 {n} 张图片</translation>
    </message>
    <message>
        <source>{n} {rows} × {m} {columns}</source>
        <translation>{n} {rows} × {m} {columns}</translation>
    </message>
    <message>
        <source>{n}, {m} differ</source>
        <translation>{n}，其中 {m} 个不同</translation>
    </message>
    <message>
        <source>{operator} and {n} more</source>
        <translation>{operator}，另有 {n} 个</translation>
    </message>
    <message>
        <source>{parameters} par. · {macs} MACs</source>
        <translation>{parameters} 参数 · {macs} 乘加</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent}%</translation>
    </message>
    <message>
        <source>{place} = {value} (before the last change)</source>
        <translation>{place} = {value}（上次更改之前）</translation>
    </message>
    <message>
        <source>{place} is {value}</source>
        <translation>{place} 是 {value}</translation>
    </message>
    <message>
        <source>{right} of {total} predictions right</source>
        <translation>{total} 个预测中对了 {right} 个</translation>
    </message>
    <message>
        <source>{rows} down, {columns} across</source>
        <translation>向下 {rows}，向右 {columns}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>{share} above {end}</source>
        <translation>{share} 高于 {end}</translation>
    </message>
    <message>
        <source>{share} below {end}</source>
        <translation>{share} 低于 {end}</translation>
    </message>
    <message>
        <source>{share} clipped</source>
        <translation>{share} 被截断</translation>
    </message>
    <message>
        <source>{size} of maps</source>
        <translation>特征图共 {size}</translation>
    </message>
    <message>
        <source>{speed}/s</source>
        <translation>{speed}/秒</translation>
    </message>
    <message>
        <source>{steps} before the network</source>
        <translation>在网络前加入：{steps}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>{value} at row {row}, column {col} of {map}</source>
        <translation>{value}，位于 {map} 第 {row} 行第 {col} 列</translation>
    </message>
    <message>
        <source>{value} in the kernel at {place}: click to go there</source>
        <translation>{place} 处的核中的 {value}：点击前往</translation>
    </message>
    <message>
        <source>{verb} kernel of {node}</source>
        <translation>{verb} {node} 的核</translation>
    </message>
    <message>
        <source>{what}: the value reads it; the cell with the largest weight is {value}</source>
        <translation>{what}：该值读取它；其中权重最大的一格是 {value}</translation>
    </message>
    <message>
        <source>{what}: {count} maps</source>
        <translation>{what}：{count} 张特征图</translation>
    </message>
    <message>
        <source>{what}: {count} values</source>
        <translation>{what}：{count} 个值</translation>
    </message>
    <message>
        <source>{what}: {first} to {last} of {count}</source>
        <translation>{what}：第 {first} 到 {last} 个，共 {count} 个</translation>
    </message>
    <message>
        <source>{what}: {value} here</source>
        <translation>{what}：此处为 {value}</translation>
    </message>
    <message>
        <source>{w} × {h} cells (width × height)</source>
        <translation>{w} × {h} 格（宽 × 高）</translation>
    </message>
    <message>
        <source>{zeros} of {count}</source>
        <translation>{zeros} / {count}</translation>
    </message>
    <message>
        <source>|x|; the gradient at 0 is 0.</source>
        <translation>|x|；0 处的梯度为 0。</translation>
    </message>
    <message>
        <source>“Take them out” adds a layer with these notches and bands.</source>
        <translation>“去除”会添加一个带有这些陷波和频带的层。</translation>
    </message>
    <message>
        <source>“{0}” adds {1} {2} and {3} {4}</source>
        <translation>“{0}”{2}加 {1}，{4}加 {3}</translation>
    </message>
    <message>
        <source>“{0}” cuts {1} {2} and {3} {4}</source>
        <translation>“{0}”{2}裁 {1}，{4}裁 {3}</translation>
    </message>
    <message>
        <source>… and {n} more</source>
        <translation>……另有 {n} 个</translation>
    </message>
    <message>
        <source>‹ Back</source>
        <translation>‹ 返回</translation>
    </message>
    <message>
        <source>‹ Leave the lesson</source>
        <translation>‹ 离开课程</translation>
    </message>
</context>
</TS>
