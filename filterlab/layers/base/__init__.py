"""What a layer is: its declaration, its geometry, its terms. Each layer type is a file of the room above."""
