CREATE TABLE `Users` (`id` BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, `firstName` VARCHAR(100) NOT NULL DEFAULT '',
    `password` VARCHAR(60), `created_at` DATETIME(6), flag BIT(1), small TINYINT UNSIGNED NOT NULL DEFAULT 3,
    born YEAR, doc JSON, raw VARBINARY(16), price DECIMAL(20,4), amount DECIMAL(12,0), ratio DOUBLE DEFAULT 0.5,
    state ENUM('draft','in progress','done!') NOT NULL DEFAULT 'draft', mark ENUM('a','b') DEFAULT 'a',
    body MEDIUMTEXT, opens TIME, code CHAR(2) NOT NULL COMMENT 'Two letters', UNIQUE KEY (code, small),
    FULLTEXT KEY (body), gone INT GENERATED ALWAYS AS (small + 1), `select` INT, KEY (price), CHECK (small < born)
) COMMENT = 'Who uses it';
CREATE TABLE sessions (token CHAR(36) PRIMARY KEY, user_id BIGINT UNSIGNED,
    FOREIGN KEY (user_id) REFERENCES `Users` (id) ON DELETE CASCADE);
CREATE TABLE prices (user_id BIGINT UNSIGNED NOT NULL, day DATE NOT NULL, price FLOAT UNSIGNED NOT NULL CHECK (price > 0),
    PRIMARY KEY (user_id, day), FOREIGN KEY (user_id) REFERENCES `Users` (id));
CREATE VIEW names AS SELECT firstName FROM `Users`;
CREATE TRIGGER fill BEFORE INSERT ON prices FOR EACH ROW SET NEW.day = CURRENT_DATE;
