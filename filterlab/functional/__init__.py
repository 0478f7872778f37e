"""Arrays in, arrays out: every operation, and its gradient beside it as `<operation>_backward`.

Arrays are (C, H, W) or (N, C, H, W), float32 or float64, and results have the rank and dtype of the input. Results are
new arrays: they share no memory with the arguments, nor with each other. Names and defaults are those of
torch.nn.functional. The compiled loops load when they are first needed, as importing the compiler takes a while.

Where things are: `arrays`, `geometry` and `padding` check arguments and work out sizes and borders; `conv/` is the
convolution, whose docstring says how it is computed; `pool/` is the pooling, with its median filters; `threads` runs
bands of work side by side, in memory from `memory`; `normal_equations` serves the exact fit of kernels. Each other file
is a family of operations.
"""

from filterlab.functional.activations import *
from filterlab.functional.arithmetic import *
from filterlab.functional.conv.convolution import (
    conv2d,
    conv2d_backward,
    conv2d_input_backward,
    conv2d_method,
    conv2d_weight_backward,
)
from filterlab.functional.conv.transpose import conv_transpose2d, conv_transpose2d_backward
from filterlab.functional.filters.edges import *
from filterlab.functional.filters.smoothing import *
from filterlab.functional.filters.spectrum import *
from filterlab.functional.filters.statistics import *
from filterlab.functional.filters.unfolding import *
from filterlab.functional.filters.warping import *
from filterlab.functional.linear import flatten, flatten_backward, linear, linear_backward
from filterlab.functional.losses import *
from filterlab.functional.merging import *
from filterlab.functional.normalization import *
from filterlab.functional.padding import pad, pad_backward
from filterlab.functional.pool.adaptive import *
from filterlab.functional.pool.morphology import *
from filterlab.functional.pool.pooling import *
from filterlab.functional.reductions import *
from filterlab.functional.resize import *
from filterlab.functional.slicing import *
from filterlab.functional.softmax import *
from filterlab.functional.tones.colours import *
from filterlab.functional.tones.equalisation import *
from filterlab.functional.tones.thresholds import *
