"""What a post is made of besides its text: images, files, links, a text for one network."""
