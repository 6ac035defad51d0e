/**
 * The words that stand for a digest's first four bytes, the same in mail and on the page. Exactly 256, so that each byte is one word;
 * short, common, harmless, and any two at least three letters apart, so that a person who compares them cannot mistake one for another.
 * Order is part of the format: never sort, replace or reuse an entry without a new renderer version.
 */
export const DIGEST_WORDS: readonly string[] = `
  acorn album almond alpine amber anchor ankle anvil apron aspen atlas attic aurora autumn badge bamboo banjo
  barley basil basket beacon beaver bench berry biscuit bison blossom bobcat bonfire bottle boulder breeze
  brick broom buffalo butter cabin cactus camel canoe canvas cargo carpet cashew cedar celery chess chimney
  cinema circle citadel citrus clover cobalt cocoa coconut compass copper cotton coyote cradle crater crayon
  cricket crystal cymbal daisy delta denim desert diamond dinner dolphin domino donkey drum dune eagle ebony
  echo eclipse elbow elder emerald engine fabric falcon feather fern fiddle fjord flannel flute forest fossil
  fox galaxy garden garlic gazelle giraffe glacier goblet gondola granite gravel guitar gully hammock hamster
  harbor hedgehog helmet hickory horizon iceberg igloo indigo island ivory jaguar jasmine jersey jewel jigsaw
  jukebox jungle juniper kayak kennel ketchup kingdom kiwi koala ladder lagoon lantern lasagna laurel lemon
  leopard lichen lilac lizard lobster locket lotus lunar lynx magnet magnolia mandolin marble meadow meteor
  mitten monsoon mosaic muffin mustard napkin nectar needle nickel nightjar nimbus nutmeg oboe ocean octopus
  olive onion onyx opal orange orchid osprey ostrich oxygen palace panda papaya paper parrot pebble pelican
  pencil penguin piano pigeon pillow planet plaza pollen polygon poplar porridge prairie pretzel prism pumpkin
  puzzle quarry quill quokka rabbit raccoon radish rainbow ribbon river ruby saffron sardine scarf scooter
  sequoia shelter skylark sleigh snowman spinach spiral squash stadium starfish summit sunset syrup tadpole
  tangelo teapot temple thistle thunder toast tomato tornado toucan trumpet tulip tundra turtle vanilla violet
  volcano vulture waffle walnut window wombat yogurt zebra zenith zeppelin zinnia
`
  .trim()
  .split(/\s+/);
