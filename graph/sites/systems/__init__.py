"""A module for each system: `configured` reads its configuration in a folder, `laid_out` knows it by its folders alone; None if it is another's."""
