"""What districts promised, which rules hold on a day, and which election stage it is."""
