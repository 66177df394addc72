"""Invented names of people, places and groups. Nobody real is meant."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ADULT_FIRST: Final = _words(
    """
    Abigail Aisha Alana Alejandra Alicia Alyssa Amanda Amber Ana Andrea Angela
    Ashley Autumn Beatriz Bethany Bianca Brandi Breanna Briana Brittany Brooke
    Camila Carly Carmen Casey Cassandra Catalina Chelsea Ciara Claudia Courtney
    Crystal Daisy Daniela Danielle Deja Desiree Destiny Diana Ebony Elena
    Elizabeth Emily Erica Esperanza Faith Fatima Felicia Gabriela Gina Gloria
    Grace Haley Hannah Heather Holly Imani Irene Isabel Jacqueline Jada Jamie
    Janelle Jasmine Jenna Jessica Jocelyn Johanna Joy Julia Kaitlyn Kara Karina
    Katherine Kayla Keisha Kelsey Kendra Kiara Krista Lacey Latoya Laura Leah
    Leticia Lily Linh Lorena Lucia Luz Lydia Maribel Marisol Mariana Mariah
    Marissa Megan Melissa Mercedes Michelle Mikayla Miranda Molly Monica Naomi
    Natalia Nevaeh Nicole Noemi Olivia Paige Paola Patricia Precious Rachel
    Raven Rebecca Renee Rocio Rosa Ruby Sabrina Samantha Sara Selena Shannon
    Shayla Sierra Sofia Stephanie Summer Tamara Tanya Tara Tasha Tiffany Trinity
    Valeria Vanessa Veronica Victoria Whitney Ximena Yesenia Yolanda Zoe
    """
)
SPANISH_FIRST: Final = _words(
    """
    Alejandra Ana Andrea Beatriz Camila Carmen Catalina Claudia Daniela Elena
    Esperanza Gabriela Isabel Karina Leticia Lorena Lucia Luz Maribel Marisol
    Mariana Mercedes Natalia Noemi Paola Rocio Rosa Selena Sofia Valeria
    Veronica Ximena Yesenia Yolanda
    """
)
GIRLS: Final = _words(
    """
    Ada Alma Amara Amelia Aria Aurora Ava Camila Chloe Clara Daniela Eliana Ella
    Elsie Emilia Esme Eva Freya Gia Hazel Iris Isla Ivy Jade June Kaia Layla
    Leila Lena Lila Luna Maya Mia Mila Nadia Nia Nora Paloma Penny Quinn Rosalie
    Rosie Ruth Sage Sienna Skye Stella Thea Valentina Violet Willa Zara Zuri
    """
)
BOYS: Final = _words(
    """
    Adrian Andre Asher Beau Benicio Caleb Camilo Carter Cruz Dante Diego Dominic
    Elias Eli Emilio Enzo Ezra Felix Finn Gael Hugo Isaac Ivan Jaden Jasper
    Joaquin Jonah Jude Kai Kian Leo Levi Luca Malik Mateo Max Micah Miles Milo
    Nico Noah Omar Oscar Otto Rafael Remy Roman Rowan Silas Theo Tobias Wesley
    Xavier Zion
    """
)
FAMILY: Final = _words(
    """
    Abbott Adams Alexander Allard Andrews Archer Bailey Baker Banks Barnes
    Barrett Beaulieu Becker Bell Bennett Bishop Blake Boucher Bowen Boyd Bradley
    Brennan Briggs Brooks Bryant Burke Burns Butler Caldwell Callahan Carey
    Carlson Carr Carroll Chandler Chase Christie Coffey Cole Collins Connolly
    Conway Cooper Costa Crane Crawford Cross Curran Dalton Daly Davenport Dawson
    Dean Delaney Dixon Donovan Dorsey Doyle Drew Dunn Eaton Edwards Ellis
    Farrell Ferreira Finley Fisher Flynn Ford Foster Fowler Fox Freeman Frost
    Gallagher Gardner Garrison Gaines Gibbs Gilbert Glover Goodwin Graham Grant
    Greene Griffin Hale Hansen Harding Harmon Harper Hart Hayes Healy Henderson
    Hicks Higgins Hobbs Hogan Holland Holmes Hopkins Howe Hughes Hunt Ingram
    Jarvis Jennings Joyce Keane Keller Kendall Kerr Kirby Lane Larkin Lawson
    Leblanc Lloyd Logan Lowe Lynch Madden Mahoney Malone Marsh Mason Maxwell
    McBride McCabe McCarthy McGrath McKenna Medeiros Mercer Michaud Monroe Moran
    Morrow Murdock Nash Newton Nguyen Nolan Norris Oakes Osborne Owens Page
    Parrish Pearson Pelletier Perkins Pham Pike Poole Porter Powell Quinlan
    Ramsey Randall Reed Reilly Rhodes Riggs Robbins Rowe Salazar Sawyer Sheehan
    Shepherd Silva Sims Snow Sousa Stanton Steele Stokes Summers Sutton Talbot
    Tate Thornton Tobin Tran Tucker Vance Vaughn Wade Walsh Walters Warren Watts
    Weaver Webb Wells West Whelan Wilcox Winters Yates
    """
)
SPANISH_FAMILY: Final = _words(
    """
    Acosta Aguilar Alvarado Ayala Benitez Bonilla Cabrera Camacho Cardona
    Castillo Colon Cordero Cortes Cruz Delgado Diaz Dominguez Espinal Feliciano
    Figueroa Flores Fuentes Garcia Gomez Guerrero Guzman Herrera Ibarra Jimenez
    Lara Leon Lozano Lugo Maldonado Marrero Medina Mejia Melendez Molina Montes
    Morales Navarro Nieves Nunez Ocasio Ortega Ortiz Pabon Pacheco Padilla
    Paredes Peralta Quiles Ramos Reyes Rios Rivera Robles Rojas Rosario Ruiz
    Salcedo Santana Santiago Santos Serrano Soto Suarez Tavares Torres Valdez
    Vargas Vega Velez Vidal Villanueva Zamora
    """
)
SITES: Final = (
    ("Riverside Family Health", "Millbrook"),
    ("Maple Street Family Health", "Easton Falls"),
    ("Harbor View Family Health", "Port Ellery"),
    ("Orchard Hill Family Health", "Westing"),
    ("Cedar Lane Family Health", "Northam"),
    ("Bridge Street Family Health", "Fallow River"),
    ("Lakeside Family Health", "Dunmere"),
    ("Willow Park Family Health", "Ashby Mills"),
    ("Stone Mill Family Health", "Granby Cross"),
    ("Meadow Road Family Health", "South Alder"),
    ("Elm Square Family Practice", "Kingsport Bay"),
    ("Birch Avenue Family Health", "Holloway"),
    ("Canal Street Family Health", "Lockhaven"),
    ("Summit Road Family Health", "Highfield"),
    ("Garden City Family Health", "Rosedale"),
    ("Pine Grove Family Health", "Upper Marlow"),
)
# Name and families that fit in.
ROOMS: Final = (("Suite 2", 10), ("Garden Room", 8))
GROUPS: Final = _words(
    """
    Robins Otters Finches Maples Sparrows Lanterns Pebbles Willows Herons Acorns
    Clovers Kites Swallows Foxes Daisies Rabbits Wrens Cedars Ponies Turtles
    Bluebirds Larks Dragonflies Poppies Seals Owls Juniper Comets
    """
)
AREA_CODES: Final = _words(
    """
    617 857 508 774 781 339 978 351 413 603 802 401 860 203 207
    """
)
SAFE_CONTACT: Final = (
    "Text first; calls after 3 pm.",
    "Text only. Please leave no voice message.",
    "Calls and texts are fine.",
    "Mornings only; say it is the clinic.",
    "Call, and hang up if somebody else answers.",
    "Shares the phone with her sister: write only the time and the place.",
)
