"""How a convolution is computed, from the call to the registers. Read this first; each step names its file.

What is asked for is a cross-correlation of maps x (n, channels, h, w) with a weight (outputs, channels / groups,
kh, kw):

    y[n, o, i, j] = bias[o] + sum over c, u, v of
        weight[o, c, u, v] * padded[n, c, i * stride + u * dilation, j * stride + v * dilation]

where c runs through the channels of o's group. Laying out every window as a column and leaving the rest to a matrix
product would write each cell kh * kw times to memory; here each cell is copied once and read in
place.

1. The call (`convolution.py`, `transpose.py`). Arguments are checked and brought into one dtype; x becomes 4-D.
2. The plan (`plan.py`). All sizes and positions are worked out before any arithmetic: how many windows fit, and which
   cell of the input each padded cell shows. So padding modes cost nothing later: a mode only changes the indices. Where
   the padding is out of all proportion to the input, taps that see nothing but zeros are left out (`ConvPlan.trimmed`).
3. The method (`methods.py`). One table says which method handles which shapes, and why; it is reproduced below. What
   follows is how windows are summed one by one. Kernels of low rank take two such passes (`low_rank.py`), large ones
   transforms of whole tiles (`frequency.py`), and those of 3x3 over many channels transforms of small ones
   (`winograd.py`).
4. Blocks (`blocks.py`). The outputs are cut into blocks whose input fits the second-level cache, and bands of blocks
   run side by side on our threads (`functional/threads.py`).
5. Packing (`lines.py`). The padded cells that a block sees are copied into lines: borders filled in, strides taken
   apart, so that what one tap sees of neighbouring windows lies side by side. `tap_offsets` says, for each tap, the
   distance in the lines from the window's start to the cell that the tap reads; a sum is one loop over that table.
6. Tiles (`tiles.py`). A micro-kernel sums a tile of outputs: several maps, or several rows, by one to three vectors
   of columns; or several windows by vectors of maps (`depth.py`). 1x1 kernels have tiles of their own (`points.py`).
   `tiles.py` says in plain loops what each computes.
7. Instructions (`instructions.py`). What runs in the place of those loops: the sums of a tile stay in vector registers
   for all taps, and each number that is read is multiplied several times.

The gradients (of some loss, where dy is that of the output) use the same parts:

- With respect to x: correlations of dy with the kernel turned by 180 degrees, one for each phase of the stride
  (`plan.gradient_plans`), computed together where they see the same cells (`interleaving.py`); what fell on padding is
  then added to the cells that it shows (`functional/padding.py`). A transposed convolution is this gradient, used as
  a layer.
- With respect to the weight (`weight_gradient.py`): each result is a long sum over all positions, and there are few
  results. Where outputs fill vectors, tiles sum over the positions in the lines; elsewhere columns are laid out after
  all, from the same lines, and BLAS multiplies them with dy.
- With respect to the bias: the sum of dy over images and positions.

What holds for all methods, and is tested:

- A value has the same digits however the outputs are cut into blocks and on any number of threads: the order of a sum
  is that of the weights, in parts of fixed length; threads decide only who computes. Tiles of transforms lie where
  the kernel's size says, and what is cut consists of whole ones (`conv2d_blocks`).
- A NaN or infinity in x reaches only the outputs whose windows see it: an output multiplies nothing outside its own
  window, or, of transforms, is summed again window by window where something is not finite.
- Sums of many float32 products lose few digits, because the parts are short.
- Reading past the end of a row is safe: what a tile reads beyond a row is bounded where the buffer is made
  (`blocks.correlate`), and what it reads there is never stored.

Words: an offset counts numbers in a flat array (x_offset, weight_offset, out_offset), a stride is the way from one row
or map to the next (x_stride, out_stride); a tap is one position (u, v) of the kernel, and the lines of a block are its
packed input. "Few maps" means fewer than half a tile; a tile holds eight maps (four on processors with
sixteen vector registers).

The methods:

Correlation, the first that fits:

    separable
        when: one channel in each group, kernels of 36 or more weights that few columns times rows make up
              (Gaussian, box, a difference of Gaussians), float32, without stride and dilation
        why:  a sum along a column and one along a row take fewer products than one over the window
        runs: low_rank._sum_passes with tiles.sum_rows, twice
    frequency
        when: few maps of few channels in each group, kernels of 400 or more weights, float32, without stride
              and dilation
        why:  a transform costs the same for any kernel, and less than so many products
        runs: frequency._sum_products with fourier.transform, in double precision
    in place
        when: kernels of 3x3 over one channel in each group, few maps in it, with a stride of 1 or 2 both ways
              and without dilation, beyond the sides nothing or a constant
        why:  there is so little to multiply that copying the cells would take as long; each line is read once
              for three rows
        runs: in_place._loop with in_place.sum_columns
    tall
        when: few maps in each group, and a kernel of 7 or more rows, without stride and dilation
        why:  few maps see the same cells, but many rows of a map see the same line, which is read once for
              all of them
        runs: blocks._sum_tall with tiles.sum_tall
    rows
        when: few maps in each group, as in image filters and depthwise layers, and any other kernel
        why:  few maps see the same cells, but all rows of a map have the same weights: several are summed
              together
        runs: blocks._sum_rows with tiles.sum_rows
    points
        when: 1x1 kernels of many maps in each group, without stride and padding, and no batch of small maps
        why:  as for maps; also, no cell is seen beside another, so that the maps are read where they are
        runs: points.sum_points with points.keep_panel and points.sum_panel
    winograd
        when: 3x3 kernels of 32 or more maps of as many channels, over maps of 14 or more rows and columns,
              float32, in one group, without stride and dilation
        why:  four outputs take 16 products for each channel instead of 36, and lose about as many digits as
              in windows
        runs: winograd._sum_transformed with transforms.transform_cells, tiles.sum_maps and
              transforms.store_outputs
    depth
        when: as many maps in each group as a vector holds, and sums of 1024 or more products; of 128 or more
              where rows would leave more of a vector of columns unused than of a vector of maps, or a layer
              keeps the weights
        why:  vectors of maps are full however narrow the maps are, and long sums in them wait for nothing
              else to be stored; the weights are laid out for that, once for a layer, where it pays for few
              windows as well
        runs: depth._sum_depth with tiles.sum_depth
    joined
        when: many maps in each group, and rows whose last vector has room for the cells between two rows
        why:  as for maps; also, a row that ends inside a vector wastes the rest of it, which joining the rows
              avoids
        runs: blocks._sum_joined with tiles.sum_maps
    maps
        when: all other shapes
        why:  many maps see the same cells, which are read once and multiplied for several of them
        runs: blocks._sum_maps with tiles.sum_maps

Gradient of the weight, the first that fits:

    joined columns
        when: four or more pictures of less than 24 columns, without stride and groups, and few cells between
              windows
        why:  copying short rows one by one takes longer than multiplying the cells between them by zero
        runs: weight_gradient.pack_columns, one run of cells for each tap, and BLAS
    tiles
        when: outputs that fill a vector, 8 or more taps, and at most 512 KiB of weights
        why:  laying out columns takes a tenth of the time, and BLAS packs them once more
        runs: weight_gradient.sum_tiles, and tiles.sum_depth over positions
    columns
        when: all other shapes
        why:  the sum over all positions is a product of two large matrices, at which BLAS is best
        runs: weight_gradient.pack_columns, one run of cells for each tap and row of outputs, and BLAS

`conv2d_method` says which is taken for a call, and why. To measure them again, beside other programs and the limits of
the machine: `make bench ROWS="* to *"` for layers, `make bench ROWS="*x*, * MP"` for filters. A limit in this file or
in those that a method runs was found by running both sides of it in turns; where the table changes,
`make diagram` writes this page anew.
"""
